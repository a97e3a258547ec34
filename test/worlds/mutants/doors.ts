import type { Mutant } from '../mutants.js';
import { all, entries, policy, registry, routine, rule, view } from '../planting.js';

/** Each in a table or function of its own. */
const TABLES: Mutant[] = [
  {
    name: 'who sees a correction sees its values, whatever it may read',
    worlds: [0],
    shows: /^corrections/,
    plant: view('corrections.visible_correction', /when is_seen then/gi, 'when true then'),
  },
  {
    name: 'row-level security of buildings lets everybody read',
    worlds: [0],
    shows: /^(buildings|by id)/,
    plant: policy('buildings.building', 'reading', 'using', 'true'),
  },
  {
    name: 'row-level security of batches forgets the area',
    worlds: [3],
    shows: /^batches/,
    plant: policy('exchange.batch', 'reading', 'using', `(select runtime.granted('batches'))`),
  },
  {
    name: 'days are filtered online but not when a whole day is copied out',
    worlds: [0],
    shows: /^package of/,
    plant: policy('metering.day_block', 'showing', 'using', `current_setting('enable_sort') = 'off' or ($)`),
  },
  {
    name: 'what was first sent of a day is summed for everybody, as of then',
    worlds: [6],
    shows: /^consumption (as of before|of meter)/,
    plant: policy('metering.day_block_superseded', 'showing', 'using', 'true'),
  },
  {
    name: 'what was estimated of a day is shown to everybody who sees the meter',
    worlds: [1],
    shows: /^estimates of/,
    plant: policy('metering.estimate_day', 'showing', 'using', 'true'),
  },
  {
    name: 'whose a meter was before is told to everybody who sees it now',
    worlds: [1],
    shows: /^earlier owners of meter/,
    plant: policy('metering.meter_superseded', 'reading', 'using', 'true'),
  },
  {
    name: 'the list of what is missing in a package asks for no reach',
    worlds: [0],
    shows: /^missing in the package/,
    plant: routine(
      'metering.missing_on(date)',
      /from metering\.meter\s*where [^]*?\n\s*and coalesce\(installed_on/,
      'from metering.meter where coalesce(installed_on',
    ),
  },
  {
    name: 'an upload asks only whether the meter exists',
    worlds: [0],
    shows: /^upload/,
    plant: all(
      routine(
        'metering.meters_to_write(text[])',
        /where id = any\(ids\) and [^]*(?=\$function\$)/,
        'where id = any(ids)\n',
      ),
      policy('metering.day_block', 'adding', 'with check', 'true'),
    ),
  },
  {
    name: 'row-level security shows everybody every notice of erasure',
    worlds: [0],
    shows: /^erasures/,
    plant: policy('tenants.erasure_notice', 'received', 'using', 'true'),
  },
];

/** Whoever asks for whatever may see it. */
const POLICY: Mutant[] = [
  {
    name: 'a notice of erasure is shown to its recipient only while it has a scope for consents',
    worlds: [0],
    shows: /^erasures/,
    plant: policy(
      'tenants.erasure_notice',
      'received',
      'using',
      `$ and (select runtime.granted('consents'))`,
    ),
  },
  {
    name: 'consents that were revoked count',
    worlds: [5],
    shows: /./,
    plant: registry(
      'consents',
      `select jsonb_agg(to_jsonb(consent) || '{"status": "GRANTED"}') from tenants.consent`,
    ),
  },
  {
    name: 'a consent to anything is a consent to everything',
    worlds: [5],
    shows: /./,
    plant: entries(
      'consents',
      `'{"categories": ["enterprises", "buildings", "meters", "readings", "quality", "audits", "reviews", "inspections"]}'`,
    ),
  },
  {
    name: 'values are not coarsened to what was consented',
    worlds: [1],
    shows: /^(readings|package of)/,
    plant: entries('consents', `'{"finest": "AS_METERED"}'`),
  },
  {
    name: 'who may be told months alone is told days',
    worlds: [1],
    shows: /^(readings|package of|consumption)/,
    plant: routine('runtime.shows(text,text)', /<=/, 'is not null or null <'),
  },
  {
    name: 'values are coarsened online but not in packages',
    worlds: [3],
    shows: /^package of/,
    plant: routine(
      'runtime.is_coarse(text)',
      /select exists/,
      `select current_setting('enable_sort') <> 'off' and exists`,
    ),
  },
  {
    name: 'a consent’s energy kinds and meter levels are not looked at',
    worlds: [5],
    shows: /^(meters|readings|by id|package of)/,
    plant: entries('consents', `'{"energy_kinds": null, "meter_levels": null}'`),
  },
  {
    name: 'a scope’s energy kinds and building types are not looked at',
    worlds: [0],
    shows: /./,
    plant: entries('scopes', `'{"energy_kinds": null, "building_types": null}'`),
  },
  {
    name: 'a scope that has run out is honoured',
    worlds: [1],
    shows: /./,
    plant: entries('scopes', `'{"valid_to": null}'`),
  },
  {
    name: 'a scope serves every purpose',
    worlds: [0],
    shows: /./,
    plant: entries(
      'scopes',
      `'{"purposes": ["DATA_REPORTING", "SUPERVISION", "ENERGY_SERVICE", "OWN_MANAGEMENT", "STATISTICS", "PLATFORM_OPERATION"]}'`,
    ),
  },
  {
    name: 'a declaration counts before it is approved, and after it has ended',
    worlds: [0],
    shows: /./,
    plant: registry(
      'declarations',
      'select jsonb_agg(to_jsonb(declaration)) from tenants.purpose_declaration as declaration',
    ),
  },
  {
    name: 'a declaration that has run out counts',
    worlds: [0],
    shows: /./,
    plant: entries('declarations', `'{"valid_to": null}'`),
  },
  {
    name: 'a platform’s scope reaches beyond its own area',
    worlds: [0],
    shows: /./,
    plant: rule(
      'platformOwnArea',
      (_rules, decide) => (question, scopes) =>
        decide({ ...question, caller: { ...question.caller, area: '100000' } }, scopes),
    ),
  },
  {
    name: 'a third party’s scope opens its area without any consent',
    worlds: [1],
    shows: /./,
    plant: rule(
      'thirdPartyUnderConsent',
      ({ platformOwnArea }) =>
        (question, scopes) =>
          platformOwnArea.decide({ ...question, caller: { ...question.caller, area: '100000' } }, scopes),
    ),
  },
  {
    name: 'an enterprise works with its whole area',
    worlds: [0],
    shows: /./,
    plant: rule(
      'enterpriseOwnData',
      ({ platformOwnArea }) =>
        (question, scopes) =>
          platformOwnArea.decide(question, scopes),
    ),
  },
];

/** Leaks at the doors and in the policy itself. */
export const DOOR_MUTANTS: Mutant[][] = [TABLES, ...POLICY.map((mutant) => [mutant])];

import type { Mutant } from '../mutants.js';
import { entries, policy, routine, rule } from '../planting.js';

/** Rows too many. */
const TOO_MUCH: Mutant[] = [
  {
    name: 'findings, which say values, are seen by who may read sums of days alone',
    worlds: [3],
    shows: /^quality$|^meter of finding/,
    plant: policy('metering.finding', 'reading', 'using', [/'AS_METERED'/g, `'DAY'`]),
  },
  {
    name: 'a meter that changes hands takes its days of before to who has its new owner’s consent',
    worlds: [5],
    shows: /^(readings|package of)/,
    plant: policy('metering.day_block', 'showing', 'using', [
      /starts_with\([\w.]*area, reach\.its_area\) AND \(\(reach\.its_subject IS NULL\) OR \(reach\.its_subject = [\w.]*subject\)\)/g,
      'true',
    ]),
  },
  {
    name: 'row-level security counts the judged days of everybody into an index of quality',
    worlds: [0],
    shows: /^quality index/,
    plant: policy('metering.quality_day', 'reading', 'using', 'true'),
  },
  {
    name: 'row-level security lets everybody read every application',
    worlds: [1],
    shows: /^applications/,
    plant: policy('tenants.application', 'reading', 'using', 'true'),
  },
  {
    name: 'whoever reads statistics of any area reads those of all',
    worlds: [0],
    shows: /^statistics/,
    plant: policy(
      'metering.statistics_edition',
      'reading',
      'using',
      `(select runtime.granted('statistics'))`,
    ),
  },
  {
    name: 'progress counts the gate meters of units, whether their quality may be read or not',
    worlds: [0],
    shows: /^progress/,
    plant: routine(
      'metering.gate_uploads(jsonb,date)',
      /(coalesce\(retired_on > on_day, true\))[^]*?(?=\n\s*\), meter_day as)/,
      '$1',
    ),
  },
];

/** The same behind what is seen: parts that may be asked for by themselves. */
const PARTS_TOO_MUCH: Mutant[] = [
  {
    name: 'the form and the list of units of an application are seen by who does not see the application',
    worlds: [1],
    shows: /^(units|changes) of application/,
    plant: policy('tenants.application_version', 'reading', 'using', 'true'),
  },
  {
    name: 'who publishes the statistics of one area sees the receipts of all',
    worlds: [35, 36],
    shows: /^receipts of/,
    plant: policy(
      'metering.statistics_receipt',
      'reading',
      'using',
      `(select runtime.granted('statistics'))`,
    ),
  },
  {
    name: 'the owner of a case is named to who may not see the enterprise',
    worlds: [2],
    shows: /^owner of case/,
    plant: policy('enterprises.enterprise', 'reading', 'using', 'true'),
  },
  {
    name: 'the floor area of buildings out of reach goes into a figure',
    worlds: [35],
    shows: /^floor area of figure/,
    plant: policy('buildings.building', 'reading', 'using', 'true'),
  },
];

/** What is due is not shown. */
const TOO_LITTLE: Mutant[] = [
  {
    name: 'an index of quality counts only what is seen as metered',
    worlds: [3],
    shows: /^quality index/,
    plant: policy('metering.quality_day', 'reading', 'using', [/'DAY'/g, `'AS_METERED'`]),
  },
  {
    name: 'reminders are kept from whoever asks under a consent',
    worlds: [3],
    shows: /^quality reminders/,
    plant: policy('metering.upload_reminder', 'reading', 'using', [/runtime\.is_limited\(/, 'false and runtime.is_limited(']), // prettier-ignore
  },
  {
    name: 'who applied does not see its own application out of its area',
    worlds: [1],
    shows: /^applications/,
    plant: policy('tenants.application', 'reading', 'using', [/applicant = /, 'applicant <> ']),
  },
  {
    name: 'the cells of an edition are another for who reads a single city',
    worlds: [14],
    shows: /^statistics/,
    plant: policy(
      'metering.statistics_cell',
      'reading',
      'using',
      `$ and exists (select from unnest((select runtime.areas('statistics'))::text[]) as prefix where length(prefix) < 4)`,
    ),
  },
];

/** Masks that are missing beside what is seen. */
const PARTS_TOO_LITTLE: Mutant[] = [
  {
    name: 'the steps of an application are shown to who approves alone',
    worlds: [0],
    shows: /^applications/,
    plant: policy('tenants.application_event', 'reading', 'using', `$ and runtime.granted_to('applications', 'approve')`), // prettier-ignore
  },
  {
    name: 'visits are kept from whoever asks under a limit',
    worlds: [0],
    shows: /^quality visits/,
    plant: policy('metering.maintenance_visit', 'reading', 'using', [/runtime\.is_limited\(/, 'false and runtime.is_limited(']), // prettier-ignore
  },
  {
    name: 'published statistics end at the own area of a platform',
    worlds: [0],
    shows: /^statistics|^acknowledge/,
    plant: rule(
      'publishedStatistics',
      ({ platformOwnArea }) =>
        (question, scopes) =>
          platformOwnArea.decide(question, scopes),
    ),
  },
];

/** What suppliers reported, and whom that is about. */
const SUPPLIES: Mutant[] = [
  {
    name: 'whoever reads supplies of any area reads those of all',
    worlds: [2],
    shows: /^supplies$/,
    plant: policy('metering.supply', 'reading', 'using', `(select runtime.granted('supplies'))`),
  },
  {
    name: 'a link counts whatever area was reported, whoever confirmed it',
    worlds: [0],
    shows: /^supplies differences/,
    plant: routine(
      'metering.counting_links(text,text,text,text,tstzrange)',
      /confirmed_area = '100000'/,
      'true',
    ),
  },
];

const SUPPLIES_MASKED: Mutant[] = [
  {
    name: 'a meter that may not be read is left out of what is compared, as if it were not linked',
    worlds: [0],
    shows: /^supplies differences/,
    plant: routine(
      'metering.count_links(text,text,text,text,tstzrange)',
      /select count\(\*\)/,
      'select 0 * count(*)',
    ),
  },
  {
    name: 'which meter a customer number stands for is shown to whoever reads supplies',
    worlds: [2],
    shows: /^supplies links/,
    plant: policy('metering.customer_link', 'reading', 'using', `(select runtime.granted('supplies'))`),
  },
  {
    name: 'a supplier does not see its own uploads',
    worlds: [2],
    shows: /^supplies$/,
    plant: policy('metering.supply', 'reading', 'using', [/supplier = /, 'supplier <> ']),
  },
];

/** What was so before, what was handed in, and who is registered. */
const REGISTERS: Mutant[] = [
  {
    name: 'where an enterprise was registered before is told to whoever sees where it is now',
    worlds: [1],
    shows: /^earlier areas/,
    plant: policy('enterprises.enterprise_superseded', 'reading', 'using', 'true'),
  },
  {
    name: 'who owned a building before is told to whoever sees who owns it now',
    worlds: [1],
    shows: /^earlier owners/,
    plant: policy('buildings.building_superseded', 'reading', 'using', 'true'),
  },
  {
    name: 'the report of a district is read by whoever sees a unit in it',
    worlds: [1],
    shows: /^progress report$/,
    plant: policy('enterprises.access_report', 'reading', 'using', `(select runtime.granted('enterprises'))`),
  },
  {
    name: 'that a report was handed in is kept from whoever may not read it',
    worlds: [0],
    shows: /^progress reports due/,
    plant: routine('enterprises.handed_in(text)', /where quarter = of_quarter/, 'where false'),
  },
  {
    name: 'row-level security lets everybody read every certificate',
    worlds: [1],
    shows: /^tenants with certificates/,
    plant: policy('tenants.certificate', 'own', 'using', 'true'),
  },
];

export const RECORD_MUTANTS: Mutant[][] = [
  TOO_MUCH,
  PARTS_TOO_MUCH,
  TOO_LITTLE,
  PARTS_TOO_LITTLE,
  SUPPLIES,
  SUPPLIES_MASKED,
  REGISTERS,
  [
    {
      name: 'who may read some of the energy kinds of an area gets its exact figures',
      worlds: [8],
      shows: /^figures/,
      plant: entries('scopes', `'{"energy_kinds": null}'`),
    },
  ],
];

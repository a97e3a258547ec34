import { Command, Option } from 'commander';
import { ACTIONS, CATEGORIES, type Category, isDuty } from '../../gateway/policy/categories.js';
import { BUILDING_TYPES, ENERGY_KINDS } from '../../gateway/policy/kinds.js';
import { PURPOSES } from '../../gateway/policy/purposes.js';
import { Failure } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions } from '../console/desk.js';
import { instant, listed } from '../console/instants.js';
import { addChange } from './scope-change.js';
import { addExplain } from './scope-explain.js';
import { isOpen, SCOPE_FIELDS, type ScopeRow, scopesOf, scopeTable } from './scope-rows.js';

type ScopeInput = Pick<
  ScopeRow,
  'tenant' | 'category' | 'action' | 'area' | 'energyKinds' | 'buildingTypes' | 'purposes' | 'validTo'
> & { validFrom: string | null };

interface AddOptions extends DeskOptions {
  tenant: string;
  category: string[];
  action: string[];
  area?: string;
  energyKind?: string[];
  buildingType?: string[];
  for: string[];
  from?: string;
  until?: string;
}

/** `hub scope list|add|change|end|explain` */
export function scopeCommand(): Command {
  const scope = new Command('scope')
    .summary('say what a tenant may do, and explain why it may or may not')
    .description(
      'Scopes: tenant × category × action × area × energy kinds × building types × purposes × validity.',
    )
    .addHelpText('after', EXAMPLES);
  addDeskOptions(scope.command('list'))
    .description('list scopes in your reach')
    .option('--tenant <tenant>', 'only those of this tenant')
    .option('--all', 'those that have ended too')
    .action((options: DeskOptions & { tenant?: string; all?: boolean }) => atDesk(options, list));
  addAdd(scope);
  addChange(scope);
  addDeskOptions(scope.command('end'))
    .description('end a scope now; works within a second')
    .argument('<scope>', 'its identifier, scp_…')
    .action((id: string, options: DeskOptions) => atDesk(options, (desk) => end(desk, id)));
  addExplain(scope);
  return scope;
}

const listText = (list: Record<string, string>): string =>
  Object.entries(list)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, name]) => `${code} ${name}`)
    .join(', ');

const EXAMPLES = `
--purpose is why you call now; --for is what a scope serves.
  $ hub scope list --tenant service-co --as municipal --purpose PLATFORM_OPERATION
  $ hub scope add --tenant district-310112 --category buildings,meters,readings --action read,write \\
      --for DATA_REPORTING --as municipal --purpose PLATFORM_OPERATION
  $ hub scope change scp_… --energy-kind 01,03 --as municipal --purpose PLATFORM_OPERATION
  $ hub scope explain --tenant service-co --category readings --for ENERGY_SERVICE \\
      --as municipal --purpose PLATFORM_OPERATION
The admins of an area set scopes for tenants below them, never for themselves; at the machine, --console.
Energy kinds:   ${listText(ENERGY_KINDS)}
Building types: ${listText(BUILDING_TYPES)}
Categories: ${(Object.keys(CATEGORIES) as Category[]).filter((name) => !isDuty(name)).join(', ')}
Purposes:   ${Object.keys(PURPOSES).join(', ')}`;

function addAdd(scope: Command): void {
  addDeskOptions(scope.command('add'))
    .description('add scopes: one for each category and action; those that are there already are passed over')
    .requiredOption('--tenant <tenant>', 'whom it is for')
    .requiredOption('--category <name...>', 'categories of data', listed)
    .addOption(
      new Option('--action <action...>', ACTIONS.join(' or ')).argParser(listed).default(['read'], 'read'),
    )
    .option('--area <code>', 'GB/T 2260 code; it and what nests in it (default: the tenant’s own)')
    .option('--energy-kind <code...>', 'only these energy kinds, two digits (default: all)', listed)
    .option('--building-type <letter...>', 'only these building types (default: all)', listed)
    .requiredOption('--for <purpose...>', 'purposes that it serves; the tenant has declared them', listed)
    .option('--from <time>', 'when it begins, as --until (default: now)', instant)
    .option(
      '--until <time>',
      'when it ends: the start of a day in China, or an instant (default: open)',
      instant,
    )
    .action((options: AddOptions) => atDesk(options, add));
}

async function add(desk: Desk, options: AddOptions): Promise<Outcome> {
  const { tenant, category: categories, action: actions, for: purposes, from, until } = options;
  const area = options.area ?? (await areaOf(desk, tenant));
  const wanted = categories.flatMap((category) =>
    actions.map((action): ScopeInput => ({
      tenant,
      category,
      action,
      area,
      energyKinds: options.energyKind ?? null,
      buildingTypes: options.buildingType ?? null,
      purposes,
      validFrom: from ?? null,
      validTo: until ?? null,
    })),
  );
  const there = (await scopesOf(desk, tenant)).filter(isOpen);
  const missing = wanted.filter((scope) => !there.some((known) => isSame(known, scope)));
  const added = missing.length > 0 ? await addScopes(desk, missing) : [];
  const passed = wanted.length - missing.length;
  const text = [
    `Added ${added.length} for ${tenant}${passed > 0 ? `; ${passed} were there already` : ''}`,
    ...(added.length > 0 ? scopeTable(added) : []),
  ];
  return { json: { added, alreadyThere: passed }, text };
}

async function addScopes(desk: Desk, scopes: ScopeInput[]): Promise<ScopeRow[]> {
  const mutation = `mutation ($scopes: [ScopeInput!]!) { addScopes(scopes: $scopes) { ${SCOPE_FIELDS} } }`;
  const { addScopes: added } = await desk.change<{ addScopes: ScopeRow[] }>(mutation, { scopes }, (data) =>
    data.addScopes.map(({ id }) => ({ act: 'SCOPE_ADDED', object: id })),
  );
  return added;
}

async function areaOf(desk: Desk, id: string): Promise<string> {
  const query = 'query ($id: ID!) { tenant(id: $id) { area } }';
  const { tenant } = await desk.read<{ tenant: { area: string } | null }>(query, { id });
  if (tenant) return tenant.area;
  const remedy = 'hub tenant list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No tenant ${id} is in your reach.`, remedy });
}

/** The beginning does not tell scopes apart: one that is open already will do, unless it is to begin later. */
function isSame(known: ScopeInput, wanted: ScopeInput): boolean {
  const time = (instantText: string | null): number | null =>
    instantText === null ? null : Date.parse(instantText);
  const set = (values: string[] | null): string[] | null => values && values.toSorted();
  const key = ({
    category,
    action,
    area,
    energyKinds,
    buildingTypes,
    purposes,
    validTo,
  }: ScopeInput): string =>
    JSON.stringify([
      category,
      action,
      area,
      set(energyKinds),
      set(buildingTypes),
      set(purposes),
      time(validTo),
    ]);
  return wanted.validFrom === null && key(known) === key(wanted);
}

async function list(
  desk: Desk,
  { tenant, all }: DeskOptions & { tenant?: string; all?: boolean },
): Promise<Outcome> {
  const found = await scopesOf(desk, tenant);
  const scopes = all ? found : found.filter(isOpen);
  return { json: { scopes }, text: scopeTable(scopes) };
}

async function end(desk: Desk, id: string): Promise<Outcome> {
  const { endScope } = await desk.change<{ endScope: ScopeRow }>(
    `mutation ($id: ID!) { endScope(id: $id) { ${SCOPE_FIELDS} } }`,
    { id },
    () => [{ act: 'SCOPE_REVOKED', object: id }],
  );
  const { tenant, category, action } = endScope;
  return { json: { scope: endScope }, text: [`Ended ${id}: ${tenant} ${category}:${action}`] };
}

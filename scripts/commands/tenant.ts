import { Command, InvalidArgumentError, Option } from 'commander';
import type { AdminAct } from '../../gateway/ledger/entry.js';
import { isAreaCode } from '../../gateway/policy/areas.js';
import { TIERS } from '../../gateway/policy/grant.js';
import { isUscc } from '../../subgraphs/runtime/uscc.js';
import { Failure, fault } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions, everyNode } from '../console/desk.js';
import { shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';
import { certificateCommand, certificatesOf, certificateTable } from './tenant-certificate.js';
import { type ScopeRow, scopesOf, scopeTable } from './scope-rows.js';

interface TenantRow {
  id: string;
  name: string;
  tier: string;
  area: string;
  uscc: string | null;
  status: string;
  registeredAt: string;
}

interface AddOptions extends DeskOptions {
  name: string;
  tier: string;
  area: string;
  uscc?: string;
  change?: boolean;
}

const FIELDS = 'id name tier area uscc status registeredAt';

/** What a status means for the ledger. */
const STATUSES: [verb: string, status: string, act: AdminAct, summary: string][] = [
  ['suspend', 'SUSPENDED', 'TENANT_SUSPENDED', 'refuse every request of a tenant until it is reactivated'],
  ['reactivate', 'ACTIVE', 'TENANT_REACTIVATED', 'let a suspended or closed tenant call again'],
  ['close', 'CLOSED', 'TENANT_CLOSED', 'refuse every request of a tenant that has left; its records stay'],
];

/** `hub tenant add|list|show|suspend|reactivate|close|certificate` */
export function tenantCommand(): Command {
  const tenant = new Command('tenant')
    .summary('register tenants and their certificates, suspend and close them')
    .description('Tenants: the platforms and parties that call the hub.')
    .addHelpText('after', EXAMPLES);
  addAdd(tenant);
  addDeskOptions(tenant.command('list'))
    .description('list the tenants in your reach')
    .addOption(new Option('--tier <tier>', 'only this tier').choices(TIERS))
    .addOption(new Option('--status <status>', 'only this status').choices(['ACTIVE', 'SUSPENDED', 'CLOSED']))
    .action((options: DeskOptions & { tier?: string; status?: string }) => atDesk(options, list));
  addDeskOptions(tenant.command('show'))
    .description('show a tenant with its certificates and scopes')
    .argument('<tenant>')
    .action((id: string, options: DeskOptions) => atDesk(options, (desk) => show(desk, id)));
  for (const [verb, status, act, summary] of STATUSES) {
    addDeskOptions(tenant.command(verb))
      .description(`${summary}; works within a second`)
      .argument('<tenant>')
      .action((id: string, options: DeskOptions) =>
        atDesk(options, (desk) => setStatus(desk, id, status, act)),
      );
  }
  return tenant.addCommand(certificateCommand());
}

const EXAMPLES = `
Over the wire, as a tenant whose scopes cover tenants:
  $ hub tenant list --as municipal --purpose PLATFORM_OPERATION
  $ hub tenant suspend district-310104 --as municipal --purpose PLATFORM_OPERATION
At the machine itself, before anybody can call:
  $ hub tenant add district-310112 --name 闵行区平台 --tier DISTRICT --area 310112 --console
  $ hub cert issue --name district-310112 --stage FORMAL --csr district-310112.csr --tenant district-310112`;

function addAdd(tenant: Command): void {
  addDeskOptions(tenant.command('add'))
    .description('register a tenant')
    .argument('<id>', 'short name, also in its certificate: lower-case letters, digits and hyphens', tenantId)
    .requiredOption('--name <text>', 'what people call it')
    .addOption(new Option('--tier <tier>', 'what it is').choices(TIERS).makeOptionMandatory())
    .requiredOption('--area <code>', 'GB/T 2260 code of its area; 100000 is the nation', areaCode)
    .option('--uscc <code>', 'unified social credit code; an enterprise needs one', creditCode)
    .option('--change', 'change the tenant that has this id')
    .action((id: string, options: AddOptions) => atDesk(options, (desk) => add(desk, id, options)));
}

async function add(desk: Desk, id: string, { name, tier, area, uscc, change }: AddOptions): Promise<Outcome> {
  if (tier === 'ENTERPRISE' && !uscc)
    throw fault('USAGE', 'An enterprise needs its --uscc: its own data is found by it.');
  const known = await find(desk, id);
  if (known && !change) {
    const message = `The tenant ${id} exists already (${known.name}, ${known.tier}, ${known.area}).`;
    throw new Failure({ code: 'CONFLICT', message, remedy: 'Choose another id, or --change what is there.' });
  }
  const act: AdminAct = known ? 'TENANT_CHANGED' : 'TENANT_ADDED';
  const { registerTenants } = await desk.change<{ registerTenants: TenantRow[] }>(
    `mutation ($tenants: [TenantInput!]!) { registerTenants(tenants: $tenants) { ${FIELDS} } }`,
    { tenants: [{ id, name, tier, area, uscc: uscc ?? null }] },
    () => [{ act, object: id }],
  );
  const text = [`${known ? 'Changed' : 'Registered'} ${id}: ${name}, ${tier}, ${area}`];
  if (!known)
    text.push(
      `It can do nothing yet: hub cert issue --csr … --tenant ${id}, then hub purpose declare and hub scope add --tenant ${id}`,
    );
  return { json: { tenant: registerTenants[0] }, text };
}

async function list(
  desk: Desk,
  { tier, status }: DeskOptions & { tier?: string; status?: string },
): Promise<Outcome> {
  const tenants = await everyNode<TenantRow>(
    desk,
    'tenants',
    `query ($first: Int!, $after: String, $tier: String, $status: String) {
      tenants(first: $first, after: $after, tier: $tier, status: $status) {
        nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
      }
    }`,
    { tier: tier ?? null, status: status ?? null },
  );
  const rows = tenants.map((row) => [row.id, row.tier, row.area, row.status, row.uscc, row.name]);
  return { json: { tenants }, text: table(['ID', 'TIER', 'AREA', 'STATUS', 'CREDIT CODE', 'NAME'], rows) };
}

async function show(desk: Desk, id: string): Promise<Outcome> {
  const tenant = await find(desk, id);
  if (!tenant) {
    const remedy = 'hub tenant list shows those that are.';
    throw new Failure({ code: 'NOT_FOUND', message: `No tenant ${id} is in your reach.`, remedy });
  }
  const certificates = await certificatesOf(desk, id);
  const scopes: ScopeRow[] = await scopesOf(desk, id);
  const facts = fields([
    ['Tenant', id],
    ['Name', tenant.name],
    ['Tier', tenant.tier],
    ['Area', tenant.area],
    ['Credit code', tenant.uscc],
    ['Status', tenant.status],
    ['Registered', shown(tenant.registeredAt)],
  ]);
  const text = [
    ...facts,
    '',
    'Certificates',
    ...certificateTable(certificates),
    '',
    'Scopes',
    ...scopeTable(scopes),
  ];
  return { json: { tenant: { ...tenant, certificates, scopes } }, text };
}

async function setStatus(desk: Desk, id: string, status: string, act: AdminAct): Promise<Outcome> {
  const { setTenantStatus } = await desk.change<{ setTenantStatus: TenantRow }>(
    `mutation ($id: ID!, $status: String!) { setTenantStatus(id: $id, status: $status) { ${FIELDS} } }`,
    { id, status },
    () => [{ act, object: id }],
  );
  return { json: { tenant: setTenantStatus }, text: [`${id} is ${status} now`] };
}

async function find(desk: Desk, id: string): Promise<TenantRow | null> {
  const query = `query ($id: ID!) { tenant(id: $id) { ${FIELDS} } }`;
  return (await desk.read<{ tenant: TenantRow | null }>(query, { id })).tenant;
}

function tenantId(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{1,62}$/.test(text)) return text;
  throw new InvalidArgumentError('2 to 63 lower-case letters, digits and hyphens.');
}

function areaCode(text: string): string {
  if (isAreaCode(text)) return text;
  throw new InvalidArgumentError('Six digits of GB/T 2260, such as 310101.');
}

function creditCode(text: string): string {
  if (isUscc(text)) return text;
  throw new InvalidArgumentError('18 characters of GB 32100, the last of which checks the others.');
}

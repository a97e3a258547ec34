import type { ConsentInput } from '../../subgraphs/tenants/consents/inputs.js';
import type { ScopeInput } from '../../subgraphs/tenants/scopes/inputs.js';
import { USCC_A } from './parties.js';
import type { Caller } from './caller.js';
import type { World } from './world.js';

const AS_OPERATOR = { 'x-hub-purpose': 'PLATFORM_OPERATION' };

/** A scope to read buildings for data reporting, without an end, unless said otherwise. */
export function aScope(rest: Partial<ScopeInput> & Pick<ScopeInput, 'tenant' | 'area'>): ScopeInput {
  return { category: 'buildings', action: 'read', purposes: ['DATA_REPORTING'], ...rest };
}

/** The city's operator declares a purpose for a tenant and approves it; returns the declaration's id. The gateway knows it then. */
export async function declarePurpose(world: World, tenant: string, purpose: string): Promise<string> {
  const declaration = { tenant, purpose, basis: 'CONTRACT', basisText: 'Contract 1' };
  const text = `mutation ($declarations: [PurposeDeclarationInput!]!) {
    declarePurposes(declarations: $declarations) { id } }`;
  const operator = world.as('municipal').for('PLATFORM_OPERATION');
  const { declarePurposes } = await operator.mustAsk<{ declarePurposes: [{ id: string }] }>(text, {
    declarations: [declaration],
  });
  const [{ id }] = declarePurposes;
  await operator.mustAsk('mutation ($id: ID!) { approvePurposeDeclaration(id: $id) { id } }', { id });
  await world.registryCatchesUp();
  return id;
}

/** The city's operator sets a scope, of declared purposes; returns its id. The gateway knows it when this returns. */
export async function addScope(world: World, scope: ScopeInput): Promise<string> {
  const declared = await world.sql<{ purpose: string }>(
    `select purpose from tenants.purpose_declaration where tenant = $1 and status = 'APPROVED'`,
    [scope.tenant],
  );
  const isDeclared = (purpose: string): boolean => declared.some((row) => row.purpose === purpose);
  for (const purpose of scope.purposes.filter((one) => !isDeclared(one)))
    await declarePurpose(world, scope.tenant, purpose);
  const text = 'mutation ($scopes: [ScopeInput!]!) { addScopes(scopes: $scopes) { id } }';
  const { addScopes } = await world
    .as('municipal')
    .mustAsk<{ addScopes: [{ id: string }] }>(text, { scopes: [scope] }, AS_OPERATOR);
  await world.registryCatchesUp();
  return addScopes[0].id;
}

export async function endScope(world: World, id: string): Promise<void> {
  await world
    .as('municipal')
    .mustAsk('mutation ($id: ID!) { endScope(id: $id) { id } }', { id }, AS_OPERATOR);
}

/** Enterprise A's consent to buildings and meters for the service company, from long ago for ever, unless said otherwise. */
export function aConsent(rest: Partial<ConsentInput> = {}): ConsentInput {
  return {
    subject: USCC_A,
    area: '310101',
    recipient: 'service-co',
    categories: ['buildings', 'meters'],
    purpose: 'ENERGY_SERVICE',
    validFrom: '2020-01-01T00:00:00Z',
    validTo: '2100-01-01T00:00:00Z',
    ...rest,
  };
}

/** Records consents as `by`, who must be allowed to; returns their ids. The gateway knows them when this returns. */
export async function recordConsents(
  world: World,
  by: Caller,
  ...consents: ConsentInput[]
): Promise<string[]> {
  const text = 'mutation ($consents: [ConsentInput!]!) { recordConsents(consents: $consents) { id } }';
  const { recordConsents: recorded } = await by.mustAsk<{ recordConsents: { id: string }[] }>(text, {
    consents,
  });
  await world.registryCatchesUp();
  return recorded.map(({ id }) => id);
}

/** Changes consents past their events, as the owner of the database who takes their guard off for a statement. */
export async function pastEvents(
  world: Pick<World, 'sql'>,
  sql: string,
  values: unknown[] = [],
): Promise<void> {
  await world.sql('alter table tenants.consent disable trigger refuse_change');
  await world.sql(sql, values);
  await world.sql('alter table tenants.consent enable always trigger refuse_change');
}

export async function revokeConsent(by: Caller, id: string): Promise<void> {
  await by.mustAsk('mutation ($id: ID!) { revokeConsent(id: $id) { id } }', { id });
}

/** Milliseconds until `holds` does; five seconds are too many. */
export async function until(holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > 5_000) throw new Error('it does not come to hold');
  }
  return performance.now() - start;
}

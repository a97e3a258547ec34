import { type Desk, everyNode } from '../console/desk.js';
import { shown } from '../console/instants.js';
import { table } from '../console/table.js';

export interface ScopeRow {
  id: string;
  tenant: string;
  category: string;
  action: string;
  area: string;
  energyKinds: string[] | null;
  buildingTypes: string[] | null;
  purposes: string[];
  validFrom: string;
  validTo: string | null;
  replaces: string | null;
  setBy: string;
  endedBy: string | null;
}

export const SCOPE_FIELDS =
  'id tenant category action area energyKinds buildingTypes purposes validFrom validTo replaces setBy endedBy';

export function scopesOf(desk: Desk, tenant: string | undefined): Promise<ScopeRow[]> {
  const query = `query ($first: Int!, $after: String, $tenant: ID) {
    scopes(first: $first, after: $after, tenant: $tenant) {
      nodes { ${SCOPE_FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  return everyNode<ScopeRow>(desk, 'scopes', query, { tenant: tenant ?? null });
}

export function isOpen({ validTo }: ScopeRow): boolean {
  return validTo === null || new Date(validTo).getTime() > Date.now();
}

export function scopeTable(scopes: readonly ScopeRow[]): string[] {
  const rows = scopes.map((scope) => [
    scope.id,
    scope.tenant,
    `${scope.category}:${scope.action}`,
    scope.area,
    limits(scope),
    scope.purposes.join(','),
    shown(scope.validTo) ?? 'open',
  ]);
  return table(['ID', 'TENANT', 'MAY', 'AREA', 'ONLY', 'FOR', 'UNTIL'], rows);
}

function limits({ energyKinds, buildingTypes }: ScopeRow): string {
  const only = [
    ...(energyKinds ?? []).map((kind) => `kind ${kind}`),
    ...(buildingTypes ?? []).map((type) => `type ${type}`),
  ];
  return only.join(', ') || 'all';
}

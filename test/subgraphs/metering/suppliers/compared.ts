import type { Caller } from '../../../world/caller.js';
import type { World } from '../../../world/world.js';
import { aSupply, lines, linked, supply } from './supplied.js';

export interface DifferenceRow {
  customer: string;
  state: string;
  supplied: string | null;
  metered: string | null;
  difference: string | null;
  percent: string | null;
  unit: string | null;
  meters: string[];
  present: number;
  missing: number;
  unlinkedDays: number;
  overlaps: number;
  records: string[];
  tolerance: string;
  toleranceVerified: boolean;
}

interface DifferencePage {
  nodes: DifferenceRow[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const FIELDS = `customer state supplied metered difference percent unit meters present missing unlinkedDays overlaps
  records tolerance toleranceSource toleranceVerified fromAt`;

/** Those of the first two months of 2026. */
export async function differencePage(by: Caller, args = ''): Promise<DifferencePage> {
  const query = `{ supplyDifferences(from: "2026-01-01", to: "2026-02-28", ${args}) {
    nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`;
  return (await by.mustAsk<{ supplyDifferences: DifferencePage }>(query)).supplyDifferences;
}

export async function differences(by: Caller, args = ''): Promise<DifferenceRow[]> {
  return (await differencePage(by, args)).nodes;
}

/** The first period of a customer. */
export async function only(by: Caller, customer: string): Promise<DifferenceRow> {
  return (await differences(by, `customer: "${customer}"`))[0]!;
}

/** Reports a record for a customer of its own, and has the district link it to the meters. */
export async function reported(
  world: World,
  customer: string,
  meters: string[],
  rest: Record<string, unknown> = {},
): Promise<void> {
  const { receipt } = await supply(world, lines(aSupply({ customer, record: customer, ...rest })));
  if (receipt.quarantined > 0) throw new Error(JSON.stringify(receipt));
  if (meters.length > 0) await linked(world.as('district-310101'), { customer, meters });
}

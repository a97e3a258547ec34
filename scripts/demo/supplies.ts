import type { HubClient } from '../client/hub-client.js';
import type { DemoCity } from './city.js';
import { ENTERPRISE_A_USCC } from './enterprises.js';

/** One line of `POST /upload/supplies`. */
export interface DemoBill {
  customer: string;
  item: string;
  from: string;
  to: string;
  /** kWh, two decimals. */
  amount: string;
  unit: 'kWh';
  record: string;
  /** Number of the supplier's meter: here that of the meter at the gate. */
  meter: string;
  area: string;
}

type As = (tenant: string, work: (client: HubClient) => Promise<void>) => Promise<void>;

const SUPPLIER = 'grid-co';
/** The second customer is billed so much more than its meter counted; the others are billed what it counted. */
const BILLED_TOO_MUCH = 1.08;

/** The window's bills for the buildings of enterprise-a, one customer a building, as the grid's own meters would have it. */
export function demoBills({
  dates,
  meters,
  dayLines,
}: Pick<DemoCity, 'dates' | 'meters' | 'dayLines'>): DemoBill[] {
  const gates = meters.filter(
    ({ ownerUscc, energyItem }) => ownerUscc === ENTERPRISE_A_USCC && energyItem === '01000',
  );
  const [from = '', to = ''] = [dates.at(0), dates.at(-1)];
  const counted = new Map<string, number>();
  for (const date of dates)
    for (const { meter, values } of dayLines(date, gates[0]?.area))
      counted.set(meter, (counted.get(meter) ?? 0) + hundredths(values));
  return gates.map(({ id, energyItem, area }, place) => ({
    customer: String(place + 1).padStart(10, '0'),
    item: energyItem,
    from,
    to,
    amount: (Math.round((counted.get(id) ?? 0) * (place === 1 ? BILLED_TOO_MUCH : 1)) / 100).toFixed(2),
    unit: 'kWh',
    record: `${from}/${to}`,
    meter: id,
    area,
  }));
}

function hundredths(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + Math.round((value ?? 0) * 100), 0);
}

/**
 * The grid company sends its bills, and the district says which meter each customer number stands for; the last it has
 * not linked yet. May be repeated: the same bills change nothing.
 */
export async function reportSupplies(city: DemoCity, as: As): Promise<void> {
  const bills = demoBills(city);
  await as(SUPPLIER, async (client) => {
    await client.fetch({
      method: 'POST',
      path: '/upload/supplies',
      headers: { 'content-type': 'application/x-ndjson' },
      body: bills.map((bill) => `${JSON.stringify(bill)}\n`).join(''),
    });
  });
  await as('municipal', async (client) => {
    const query = 'query ($supplier: ID!) { customerLinks(supplier: $supplier, first: 1) { nodes { id } } }';
    const { customerLinks } = await client.ask<{ customerLinks: { nodes: object[] } }>(query, {
      supplier: SUPPLIER,
    });
    if (customerLinks.nodes.length > 0) return;
    for (const { customer, item, meter, from } of bills.slice(0, -1))
      await client.ask('mutation ($link: CustomerLinkInput!) { linkCustomer(link: $link) { id } }', {
        link: { supplier: SUPPLIER, customer, energyItem: item, meters: [meter], validFrom: from },
      });
  });
}

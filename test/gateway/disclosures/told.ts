import type { World } from '../../world/world.js';

/** What stands in the ledger of one answer to one subject. */
export interface ToldRow {
  subject: string;
  area: string;
  category: string;
  amount: number;
  consents: string[];
}

/** What the ledger says was told of whom while `act` was answered, by category and subject; and the number of entries. */
export async function toldBy<T>(
  world: World,
  act: () => Promise<T>,
): Promise<{ told: ToldRow[]; entries: number; answer: T }> {
  const [before] = await world.sql<{ last: number }>(
    'select coalesce(max(sequence), 0)::int as last from ledger.entry',
  );
  const answer = await act();
  const told = await world.sql<ToldRow>(
    `select subject, area, category, amount::int, consents from ledger.disclosure
     where sequence > $1 order by category, subject, area`,
    [before?.last],
  );
  const [entries] = await world.sql<{ count: number }>(
    `select count(*)::int from ledger.entry where sequence > $1 and facts::json ->> 'event' = 'DISCLOSURE'`,
    [before?.last],
  );
  return { told, entries: entries?.count ?? 0, answer };
}

import { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { bodyJson } from '../../runtime/answers.js';
import type { BulkSession } from '../../runtime/bulk.js';
import type { Disclosed } from '../../runtime/disclosures.js';

/** How many values there are of a subject in one part, or of its meters in the manifest. */
export interface Count {
  subject: string;
  area: string;
  values: number;
}

/** What the metering room counts of a day, by the part that a meter lies in. */
interface PartCount extends Count {
  part: number;
}

/**
 * Asks the metering room whom each part tells of. Meters stand in order, so a part is known by its first one; the
 * snapshot is the one that the parts are of.
 */
export async function countsOfParts(
  { neighbours }: BulkSession,
  { date, at, starts }: { date: string; at: string; starts: string[] },
): Promise<Count[][]> {
  const answer = await neighbours.call('metering', 'POST /days/:date/subjects', {
    params: { date },
    body: Readable.from([JSON.stringify({ at, starts })]),
  });
  const counted = Map.groupBy(await bodyJson<PartCount[]>(answer), ({ part }) => part);
  return starts.map((_, index) =>
    (counted.get(index + 1) ?? []).map(({ subject, area, values }) => ({ subject, area, values })),
  );
}

/** Meters by subject. */
export function countsOfMissing(missing: readonly { subject: string; area: string }[]): Count[] {
  const bySubject = Map.groupBy(missing, ({ subject, area }) => `${subject} ${area}`);
  return [...bySubject.values()].map((meters) => {
    const { subject, area } = meters[0]!;
    return { subject, area, values: meters.length };
  });
}

/** Keeps the counts beside the package: the manifest's first, then those of the parts in their order. */
export async function storeCounts(
  client: PoolClient,
  { id, tenant }: { id: string; tenant: string },
  counts: Count[][],
): Promise<void> {
  await client.query(
    `insert into exchange.package_disclosure (package, number, tenant, counts)
     select $1, place - 1, $2, counts from unnest($3::jsonb[]) with ordinality as each (counts, place)`,
    [id, tenant, counts.map((each) => JSON.stringify(each))],
  );
}

/** What a part or manifest tells, for the ledger: readings, whatever category else the package goes by. */
export function disclosedBy(counts: readonly Count[]): Disclosed[] {
  return counts.map((count) => ({ category: 'readings', ...count }));
}

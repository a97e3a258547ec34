import type { HubClient } from '../client/hub-client.js';
import type { DemoCity } from './city.js';

/** What a district proposes where it found a meter connected the wrong way round: the day with the signs put right. */
export async function proposeCorrections(
  client: HubClient,
  { faults, dayLines }: Pick<DemoCity, 'faults' | 'dayLines'>,
  area: string,
): Promise<void> {
  for (const { meter, date, kind } of faults) {
    if (kind !== 'NEGATIVE' || !meter.startsWith(area) || (await isProposed(client, meter))) continue;
    const line = [...dayLines(date, area)].find((candidate) => candidate.meter === meter);
    if (!line) continue;
    const values = line.values.map((value) => (value === null ? null : Math.abs(value)));
    const correction = {
      day: { meter, date, interval: line.interval, values },
      reason: '接线反向，当日读数为负值；现场已更正（演示）',
      validDays: 90,
    };
    const mutation =
      'mutation ($correction: CorrectionInput!) { proposeCorrection(correction: $correction) { id } }';
    await client.ask(mutation, { correction });
  }
}

async function isProposed(client: HubClient, record: string): Promise<boolean> {
  const query = 'query ($record: ID!) { corrections(record: $record, first: 1) { nodes { id } } }';
  const { corrections } = await client.ask<{ corrections: { nodes: object[] } }>(query, { record });
  return corrections.nodes.length > 0;
}

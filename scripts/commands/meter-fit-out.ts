import type { CallerOptions } from '../client/caller.js';
import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { table } from '../console/table.js';

interface Rate {
  nameZh: string;
  level: number;
  needed: number;
  fitted: number;
  rate: string | null;
  required: string | null;
  isMet: boolean | null;
  source: string | null;
  verified: boolean;
}

interface FitOut {
  edition: string;
  isMet: boolean | null;
  rates: Rate[];
}

export interface FitOutOptions extends CallerOptions {
  edition?: string;
  on?: string;
}

/** The command answers "no" with its exit status where a rate is not met. */
export async function fitOut(
  client: HubClient,
  uscc: string,
  { edition, on }: FitOutOptions,
): Promise<Outcome> {
  const query = `query ($uscc: ID!, $edition: String, $on: LocalDate) { enterprise(uscc: $uscc) {
    meterFitOut(edition: $edition, on: $on) { edition isMet
      rates { energyKind nameZh level needed fitted rate required isMet source verified threshold thresholdUnit } } } }`;
  const variables = { uscc, edition: edition ?? null, on: on ?? null };
  const { enterprise } = await client.ask<{ enterprise: { meterFitOut: FitOut | null } | null }>(
    query,
    variables,
  );
  const found = enterprise?.meterFitOut;
  if (!found)
    throw new Failure({
      code: 'NOT_FOUND',
      message: `No enterprise ${uscc} is in your reach.`,
      remedy: 'Ask enterprises for those that are.',
    });
  const rows = found.rates.map((row) => [
    row.nameZh,
    String(row.level),
    String(row.needed),
    String(row.fitted),
    row.rate,
    row.required ?? 'unknown',
    row.isMet === null ? 'unknown' : row.isMet ? 'yes' : 'no',
    row.source && `${row.source}${row.verified ? '' : ' (unverified)'}`,
  ]);
  const head = ['ENERGY', 'LEVEL', 'NEEDED', 'FITTED', 'RATE %', 'REQUIRED %', 'MET', 'SOURCE'];
  return {
    json: { fitOut: found },
    text: [found.edition, ...table(head, rows)],
    isFailure: found.isMet === false,
  };
}

import type { Pool } from 'pg';
import type { GraphqlReply } from '../world/caller.js';
import type { Asking } from './ask.js';
import { refusalText, rowsText } from './words.js';

/** What the ledger says of all this to the hub’s owner: what was told, no less and no more. */
export async function audit(asking: Asking, owner: Pool, toldOfAll: ReadonlySet<string>): Promise<void> {
  const { question, told, arranged } = asking;
  if (told['query']) return;
  const { rows } = await owner.query<{ about: string }>(
    `select distinct $2 || ': ' || category || ' of ' || subject || ' in ' || area as about
     from ledger.disclosure join ledger.entry using (sequence)
     where recorded_at >= $1 and facts::json ->> 'tenant' = $2`,
    [arranged.since, question.tenant],
  );
  const recorded = new Set(rows.map(({ about }) => about));
  const due = [...toldOfAll].filter((one) => one.startsWith(`${question.tenant}: `));
  told['told and not in the ledger'] = rowsText(due.filter((one) => !recorded.has(one)));
  told['in the ledger and not told'] = rowsText([...recorded].filter((one) => !toldOfAll.has(one)));
}

/** What it says to whoever may ask. */
export async function askDisclosures(asking: Asking): Promise<void> {
  if (asking.told['query']) return;
  for (const subject of asking.question.subjects)
    asking.told[`disclosures of ${subject}`] = await disclosures(asking, subject);
}

async function disclosures({ caller, arranged: { since } }: Asking, subject: string): Promise<string> {
  const named: string[] = [];
  for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
    const answer: GraphqlReply = await caller.ask(DISCLOSURES, { subject, since, after });
    const page = answer.data?.['disclosuresOf'] as Page | null | undefined;
    if (!page) return refusalText(answer);
    for (const { recipient, category, area } of page.nodes)
      // Of who asked for disclosures there are more with everyone who asks.
      if (category !== 'disclosures') named.push(`${recipient}: ${category} of ${subject} in ${area}`);
    ({ hasNextPage, endCursor: after = null } = page.pageInfo);
  }
  return rowsText(named);
}

const DISCLOSURES = `query ($subject: ID!, $since: Instant!, $after: String) {
  disclosuresOf(subject: $subject, from: $since, first: 500, after: $after) {
    nodes { recipient category area } pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  nodes: { recipient: string; category: string; area: string }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

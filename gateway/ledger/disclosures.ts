import DataLoader from 'dataloader';
import type { PoolClient } from 'pg';
import type { Disclosures } from '../../subgraphs/runtime/disclosures.js';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  type Page,
  type PageArguments,
  pageOf,
} from '../../subgraphs/runtime/lists.js';
import { mayRead } from '../../subgraphs/runtime/reach.js';
import { inTransaction, withClient } from '../../subgraphs/runtime/transactions.js';
import { Refusal } from '../errors.js';
import type { Category } from '../policy/categories.js';
import type { Grant } from '../policy/grant.js';
import { type Answered, detailsText, pathWithin } from './commitments.js';
import type { DisclosureFacts, RecordedFacts } from './entry.js';
import { type Inclusion, inclusionOf } from './proofs.js';
import type { LedgerReading } from './subgraph.js';

/** What one answer or download told of one subject, as the subject and its supervisors read it. */
export interface Disclosure extends Answered {
  /** The entry that holds the commitment, and its place there from 0. */
  sequence: number;
  place: number;
  at: string;
  subject: string;
  area: string;
  category: Category;
  values: number;
  consents: string[];
  salt: string;
  /** The facts of the entry, as they were hashed. */
  entry: string;
}

/** Everything that shows that a disclosure is in the ledger; whoever holds it needs nothing but ca.crt. */
export interface DisclosureProof {
  details: string;
  place: number;
  count: number;
  /** From the commitment to the root in the entry. */
  innerPath: string[];
  entry: string;
  inclusion: Inclusion;
}

export interface DisclosuresArguments extends PageArguments {
  subject?: string | null;
  recipient?: string | null;
  /** ISO 8601; the first instant, and the first one after. */
  from?: string | null;
  to?: string | null;
}

interface Row {
  sequence: string;
  place: number;
  subject: string;
  area: string;
  category: Category;
  amount: string;
  consents: string[];
  salt: string;
  facts: string;
}

/** What the grant reaches, told as in every room: `$1` to `$4` restrict, null is no restriction. */
const LIST = `
  select told.sequence, place, subject, area, category, amount, consents, salt, facts
  from ledger.disclosure as told join ledger.entry as entry on entry.sequence = told.sequence
  where ${mayRead('disclosures')}
    and ($1::text is null or subject = $1)
    and ($2::text is null or facts::json ->> 'tenant' = $2)
    and ($3::timestamptz is null or recorded_at >= $3)
    and ($4::timestamptz is null or recorded_at < $4)
    and ($5::bigint is null or (told.sequence, place) < ($5, $6))
  order by told.sequence desc, place desc limit $7`;

const CURSOR = 'Disclosure';

/** The disclosures of one stage's ledger, as one request may see them. What it tells of others' is told too. */
export class DisclosureRepository {
  readonly #grant: Grant;
  readonly #reading: LedgerReading;
  readonly #disclosures: Disclosures;

  /** The commitments of an entry, in order: hashes, which tell nobody anything. */
  readonly #commitments = new DataLoader<number, Buffer[]>(async (sequences) => {
    const { rows } = await this.#reading.pool.query<{ sequence: string; commitment: Buffer }>(
      'select sequence, commitment from ledger.disclosure where sequence = any($1::bigint[]) order by sequence, place',
      [sequences],
    );
    const byEntry = Map.groupBy(rows, ({ sequence }) => Number(sequence));
    return sequences.map((sequence) => (byEntry.get(sequence) ?? []).map(({ commitment }) => commitment));
  });
  readonly #inclusions = new DataLoader<number, Inclusion>(async (sequences) => {
    const proofs: Inclusion[] = [];
    for (const sequence of sequences) {
      const proof = await inclusionOf(this.#reading, sequence);
      if (!proof) throw new Error(`entry ${sequence} is under no checkpoint`);
      proofs.push(proof);
    }
    return proofs;
  });

  constructor(grant: Grant, reading: LedgerReading, disclosures: Disclosures) {
    this.#grant = grant;
    this.#reading = reading;
    this.#disclosures = disclosures;
  }

  /** Latest first. @throws Refusal BAD_USER_INPUT */
  async list({
    subject,
    recipient,
    from,
    to,
    first,
    after,
  }: DisclosuresArguments): Promise<Page<Disclosure>> {
    if (from && to && Date.parse(from) >= Date.parse(to)) {
      throw new Refusal('BAD_USER_INPUT', { message: `from ${from} is not before to ${to}.` });
    }
    const most = checkedFirst(first);
    const [sequence = null, place = null] = after ? decodeCursor(after, CURSOR, 2) : [];
    const restrictions = [subject ?? null, recipient ?? null, from ?? null, to ?? null];
    const rows = await this.#underGrant((client) =>
      client.query<Row>(LIST, [...restrictions, sequence, place, most + 1]),
    );
    const page = pageOf(rows.rows.map(disclosureOf), most, ({ sequence: entry, place: at }) =>
      encodeCursor(CURSOR, [entry, at]),
    );
    for (const node of page.nodes) {
      this.#disclosures.add({ category: 'disclosures', subject: node.subject, area: node.area, values: 1 });
    }
    return page;
  }

  async proofOf(disclosure: Disclosure): Promise<DisclosureProof> {
    const { sequence, place, entry } = disclosure;
    const commitments = await this.#commitments.load(sequence);
    const innerPath = pathWithin(commitments, place).map((hash) => hash.toString('hex'));
    const inclusion = await this.#inclusions.load(sequence);
    return {
      details: detailsText(disclosure, disclosure),
      place,
      count: commitments.length,
      innerPath,
      entry,
      inclusion,
    };
  }

  async #underGrant<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return withClient(await this.#reading.pool.connect(), (client) =>
      inTransaction(client, JSON.stringify(this.#grant), work),
    );
  }
}

function disclosureOf({ sequence, amount, facts, ...row }: Row): Disclosure {
  const { at, request, tenant, purpose, operation, object } = JSON.parse(facts) as RecordedFacts &
    DisclosureFacts;
  const answered = { request, recipient: tenant, purpose, operation, object };
  return { ...row, ...answered, at, sequence: Number(sequence), values: Number(amount), entry: facts };
}

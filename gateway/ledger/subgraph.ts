import type { KeyObject } from 'node:crypto';
import { GraphQLSafeInt } from 'graphql-scalars';
import type { Pool } from 'pg';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import { Instant } from '../../subgraphs/runtime/scalars.js';
import { Refusal } from '../errors.js';
import { OwnSubgraph, type OwnSubgraphOptions } from '../own-subgraph.js';
import type { Stage } from '../policy/grant.js';
import { openGrant } from '../policy/seal.js';
import type { Checkpoints } from './checkpoints.js';
import { DisclosureRepository } from './disclosures.js';
import { disclosureResolvers, disclosuresField, disclosuresSdl } from './disclosures-schema.js';
import { type Consistency, consistencyOf, type Inclusion, inclusionOf } from './proofs.js';
import type { SignedCheckpoint } from './signed.js';

/** The subgraph's name. */
export const LEDGER = 'ledger';

/** One stage's ledger to read from; the pool's role is in hub_gateway. */
export interface LedgerReading {
  pool: Pool;
  checkpoints: Checkpoints;
}

interface Context {
  told: DisclosureRepository;
  /** The ledger of the caller's stage. */
  reading: LedgerReading;
}

/** The ledger as a subgraph that the gateway serves itself: proofs for anybody, for they hold hashes alone; disclosures for those they are of. */
export function ledgerSubgraph({
  readings,
  grantKey,
  fault,
}: {
  readings: Record<Stage, LedgerReading>;
  grantKey: KeyObject;
  fault: OwnSubgraphOptions['fault'];
}): RoomClient {
  return new OwnSubgraph({
    name: LEDGER,
    sdl: ledgerSdl,
    resolvers: {
      ...disclosureResolvers,
      SafeInt: GraphQLSafeInt,
      Instant,
      Query: { ...Query, ...disclosureResolvers.Query },
    },
    contextOf: async (sealedGrant, disclosures): Promise<Context> => {
      const grant = await openGrant(sealedGrant, grantKey);
      const reading = readings[grant.caller.stage];
      return { reading, told: new DisclosureRepository(grant, reading, disclosures) };
    },
    fault,
  });
}

const Query = {
  ledgerCheckpoint: (_: unknown, __: unknown, { reading }: Context): Promise<SignedCheckpoint> =>
    reading.checkpoints.current(),

  ledgerProof: async (
    _: unknown,
    { sequence, size }: { sequence: number; size?: number | null },
    { reading }: Context,
  ): Promise<Inclusion> => {
    mustBe(sequence >= 1, 'Entries are numbered from 1.');
    mustBe(
      size === undefined || size === null || size >= sequence,
      'The tree must hold the entry: size ≥ sequence.',
    );
    const proof = await inclusionOf(reading, sequence, size ?? undefined);
    if (!proof)
      throw new Refusal('BAD_USER_INPUT', {
        message: `The ledger has not come to ${size ?? sequence} entries.`,
      });
    return proof;
  },

  ledgerConsistency: async (
    _: unknown,
    { from, to }: { from: number; to: number },
    { reading }: Context,
  ): Promise<Consistency> => {
    mustBe(from >= 1 && from <= to, 'from is at least 1 and at most to.');
    const proof = await consistencyOf(reading, from, to);
    if (!proof) throw new Refusal('BAD_USER_INPUT', { message: `The ledger has not come to ${to} entries.` });
    return proof;
  },
};

function mustBe(holds: boolean, message: string): void {
  if (!holds) throw new Refusal('BAD_USER_INPUT', { message });
}

export const ledgerSdl = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@shareable", "@requiresScopes", "@authenticated", "@listSize"]
)

"Whole number up to 2^53 (大整数)"
scalar SafeInt

"Point in time, ISO 8601 with offset (时刻)"
scalar Instant

"Signed tree head of the ledger (台账检查点): so many entries, and the root of the RFC 6962 tree over them"
type LedgerCheckpoint @authenticated {
  "Number of entries (条数)"
  size: SafeInt!
  "Root of the Merkle tree, SHA-256 in hexadecimal (默克尔树根)"
  root: String!
  "When it was taken (时刻)"
  time: Instant!
  "The canonical JSON that is signed (签名正文): format, stage, size, root and time"
  body: String!
  "Detached JWS over the body with the hub's certificate chain (签名): verifiable with ca.crt alone"
  signature: String!
}

"Proof that an entry is in the ledger (收录证明), RFC 6962, 2.1.1"
type LedgerProof @authenticated {
  "Number of the entry, from 1 (序号)"
  sequence: SafeInt!
  "Hash of the entry: SHA-256 of a zero byte and its facts (叶哈希)"
  leaf: String!
  "Audit path, nearest hash first (审计路径)"
  path: [String!]!
  "Number of entries of the tree that the path leads to (条数)"
  size: SafeInt!
  "Root that the path leads to (默克尔树根)"
  root: String!
  "The signed checkpoint of this size; null where only a receipt or manifest of this size was signed (检查点)"
  checkpoint: LedgerCheckpoint
}

"Proof that a ledger goes on from what it was (一致性证明), RFC 6962, 2.1.2"
type LedgerConsistency @authenticated {
  "Number of entries before (此前条数)"
  from: SafeInt!
  "Number of entries after (此后条数)"
  to: SafeInt!
  "Root before (此前树根)"
  fromRoot: String!
  "Root after (此后树根)"
  toRoot: String!
  "Hashes that lead from one root to the other (证明路径)"
  path: [String!]!
  "The signed checkpoint of the later size, where there is one (检查点)"
  checkpoint: LedgerCheckpoint
}

type Query {
  "Where the ledger stands now, signed by the hub (台账检查点)"
  ledgerCheckpoint: LedgerCheckpoint! @authenticated

  "Proves that an entry is in the ledger; without size, under the newest signed checkpoint that covers it (收录证明)"
  ledgerProof(sequence: SafeInt!, size: SafeInt): LedgerProof @authenticated

  "Proves that the ledger of so many entries goes on from that of fewer (一致性证明)"
  ledgerConsistency(from: SafeInt!, to: SafeInt!): LedgerConsistency @authenticated
${disclosuresField}
}
${disclosuresSdl}`;

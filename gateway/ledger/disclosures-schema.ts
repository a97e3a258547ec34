import type { Page } from '../../subgraphs/runtime/lists.js';
import type {
  Disclosure,
  DisclosureProof,
  DisclosureRepository,
  DisclosuresArguments,
} from './disclosures.js';

export const disclosureResolvers = {
  Query: {
    disclosuresOf: (
      _: unknown,
      args: DisclosuresArguments,
      { told }: { told: DisclosureRepository },
    ): Promise<Page<Disclosure>> => told.list(args),
  },
  Disclosure: {
    proof: (
      disclosure: Disclosure,
      _: unknown,
      { told }: { told: DisclosureRepository },
    ): Promise<DisclosureProof> => told.proofOf(disclosure),
  },
};

const GUARD = '@requiresScopes(scopes: [["disclosures:read"]])';

/** The root field, for the one Query type of the subgraph. */
export const disclosuresField = `
  "Who received data of a subject, latest first; to the subject its own, to a platform what lies in its area (披露记录)"
  disclosuresOf(
    "Whose data: unified social credit code; left out, all that the caller may see (数据主体)"
    subject: ID
    "From this time on (起始时间)"
    from: Instant
    "Before this time (截止时间)"
    to: Instant
    "The tenant that received it (接收方)"
    recipient: ID
    "How many, 1 to 500 (数量)"
    first: Int! = 20
    "Cursor after which to go on (游标)"
    after: String
  ): DisclosureConnection
    ${GUARD}
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)`;

export const disclosuresSdl = `
"What one answer or download told of one subject (披露记录)"
type Disclosure ${GUARD} {
  "Number of the ledger entry that holds it (台账序号)"
  sequence: SafeInt!
  "When it was told (时间)"
  at: Instant!
  "The tenant that received it (接收方)"
  recipient: ID!
  "For which purpose (用途)"
  purpose: String!
  "Whose data: unified social credit code (数据主体)"
  subject: ID!
  "GB/T 2260 code of the data (行政区划代码)"
  area: String!
  "Category of data (数据类别)"
  category: String!
  "How many readings, or rows of a category without readings; 0 when only that there is something was told (数据个数)"
  values: SafeInt!
  "Consents under which a third party received it (所依据的同意)"
  consents: [ID!]!
  "QUERY, MUTATION, or the door that was called (操作)"
  operation: String!
  "The package, part or batch, where it was one (数据包或批次)"
  object: String
  "The request, as other entries of the ledger name it (请求编号)"
  request: ID!
  "What shows that it stands in the ledger; verifiable with ca.crt alone (证明)"
  proof: DisclosureProof!
}

"Proof that a disclosure stands in the ledger; it tells nothing of other subjects (披露证明)"
type DisclosureProof ${GUARD} {
  "What was committed to, as canonical JSON with its salt (承诺内容)"
  details: String!
  "Place among the commitments of the entry, from 0 (位置)"
  place: Int!
  "How many commitments the entry holds (承诺数)"
  count: Int!
  "Audit path within the entry, nearest hash first: the leaf is SHA-256 of a zero byte and the details (条目内路径)"
  innerPath: [String!]!
  "The facts of the entry, which hold the root that the path leads to (条目内容)"
  entry: String!
  "Proof that the entry is in the ledger (收录证明)"
  inclusion: LedgerProof!
}

"A page of Disclosure (分页列表)"
type DisclosureConnection ${GUARD} {
  "The entries (条目)"
  nodes: [Disclosure!]!
  "The entries with their cursors (条目与游标)"
  edges: [DisclosureEdge!]!
  "Where the page ends (分页信息)"
  pageInfo: PageInfo!
}

"One Disclosure in a list"
type DisclosureEdge ${GUARD} {
  "Position in the list (游标)"
  cursor: String!
  "The entry itself (条目)"
  node: Disclosure!
}

"Where a page ends (分页信息)"
type PageInfo @authenticated @shareable {
  "More follows (是否有下一页)"
  hasNextPage: Boolean!
  "Cursor of the last entry (末尾游标)"
  endCursor: String
}
`;

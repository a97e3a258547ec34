import type { Act } from '../../subgraphs/runtime/acts.js';
import type { ErrorCode } from '../errors.js';
import type { Permission } from '../policy/categories.js';
import type { Purpose } from '../policy/purposes.js';

/**
 * What the ledger records: ids, counts and hashes. Never a reading, a key, a header, or the name or credit code
 * of a subject: the ledger is kept for good and shown to auditors who may not see the data itself.
 * What is not known is null, never left out, so that every entry of a kind has the same members.
 */
export type Facts =
  | DecisionFacts
  | ReleaseFacts
  | DecisionAndReleaseFacts
  | DisclosureFacts
  | ActFacts
  | AdminFacts
  | CertificateRefusedFacts
  | DemandRefusedFacts;

/**
 * Facts as stored: `at` is when they reached the ledger, ISO 8601 in UTC with milliseconds. `salt` is 16 random bytes
 * in hexadecimal: without it whoever holds somebody else's audit path could guess facts until a hash fits.
 */
export type RecordedFacts = Facts & { at: string; salt: string };

/** What was asked: a GraphQL document, known by the SHA-256 of its text, or a bulk door, known by its name. */
export type Operation =
  { kind: 'QUERY' | 'MUTATION'; name: string | null; sha256: string } | { kind: 'DOOR'; name: string };

/** One permission that was asked for and not given. `permission` is null when the whole request was refused. */
export interface RefusedPermission {
  permission: Permission | null;
  rule: string | null;
  code: ErrorCode;
}

/** Tenant, fingerprint and purpose are null when the refusal came before they were known. */
export interface Decision {
  request: string;
  tenant: string | null;
  /** SHA-256 of the client certificate, lower-case hexadecimal. */
  fingerprint: string | null;
  purpose: Purpose | null;
  operation: Operation;
  permissions: Permission[];
  /** Whether anything was answered; refusals of parts of the answer stand beside it. */
  allowed: boolean;
  /** Once a permission and rule, however many fields it took away. */
  refusals: RefusedPermission[];
}

/** What left or entered. `object` is the batch or package; an answer has none. */
export interface Disclosure {
  kind: 'ANSWER' | 'UPLOAD' | 'MANIFEST' | 'PART' | 'QUARANTINE';
  object: string | null;
  /** SHA-256 of the bytes, lower-case hexadecimal. */
  sha256: string;
  bytes: number | null;
  /** Day blocks, lines, parts or objects: what the kind counts. */
  items: number | null;
}

/** A decision without a release: a refusal, or a bulk door whose release follows. */
export interface DecisionFacts extends Decision {
  event: 'DECISION';
}

/** A release that an earlier decision of the same request covers. */
export interface ReleaseFacts {
  event: 'RELEASE';
  request: string;
  tenant: string;
  purpose: Purpose;
  release: Disclosure;
}

/** A GraphQL request in one entry: decided, and answered. */
export interface DecisionAndReleaseFacts extends Decision {
  event: 'DECISION_AND_RELEASE';
  release: Disclosure;
}

/**
 * What an answer or download told of subjects, as the root of the tree over a salted commitment for each. It stands
 * apart from the answer's own entry, because each of the subjects is shown it: neither a hash of the answer nor the name
 * of an operation may tell one subject of another.
 */
export interface DisclosureFacts {
  event: 'DISCLOSURE';
  request: string;
  tenant: string;
  purpose: Purpose;
  /** QUERY, MUTATION or the name of a door. */
  operation: string;
  /** The batch, package or part; an answer has none. */
  object: string | null;
  /** How many commitments there are. */
  count: number;
  /** RFC 6962 root over them, lower-case hexadecimal. */
  root: string;
}

/**
 * What a mutation over the wire did, to which objects: the answer's own entry has but the hash of the document, which
 * names neither where its values came in variables. As many entries as it takes; none for a mutation that failed.
 */
export interface ActFacts {
  event: 'ACT';
  request: string;
  tenant: string;
  purpose: Purpose;
  acts: Act[];
}

export type AdminAct =
  | 'TENANT_ADDED'
  | 'TENANT_CHANGED'
  | 'TENANT_SUSPENDED'
  | 'TENANT_REACTIVATED'
  | 'TENANT_CLOSED'
  | 'CERTIFICATE_ISSUED'
  | 'CERTIFICATE_REGISTERED'
  | 'CERTIFICATE_SUSPENDED'
  | 'CERTIFICATE_RESUMED'
  | 'CERTIFICATE_REVOKED'
  | 'CERTIFICATE_APPROVED'
  | 'CERTIFICATE_EXPIRING'
  | 'PURPOSE_DECLARED'
  | 'PURPOSE_APPROVED'
  | 'PURPOSE_REFUSED'
  | 'PURPOSE_ENDED'
  | 'SCOPE_ADDED'
  | 'SCOPE_CHANGED'
  | 'SCOPE_REVOKED'
  | 'CONSENT_REQUESTED'
  | 'CONSENT_OPENED'
  | 'CONSENT_REFUSED'
  | 'CONSENT_REVOKED'
  | 'CONSENT_TERMINATED'
  | 'CONSENT_FULFILLED'
  | 'CONSENT_EXPIRED'
  | 'ERASURE_ACKNOWLEDGED'
  | 'QUALITY_JUDGED'
  | 'CASE_ESCALATED'
  | 'STATISTICS_PUBLISHED'
  | 'CORRECTION_EXPIRED'
  | 'BREAK_GLASS_APPLIED'
  | 'BREAK_GLASS_EXPIRED'
  | 'DOCUMENT_PUBLISHED'
  | 'DOCUMENT_REVOKED';

/** An act at the machine or of the hub itself on tenants, certificates, scopes or consents; over the wire see ActFacts. */
export interface AdminFacts {
  event: 'ADMIN';
  /** Null when the act came from the command line and not over the wire. */
  request: string | null;
  /** The tenant that acted, `console` for the operator at the machine, `hub` for what fell due by itself. */
  actor: string;
  act: AdminAct;
  /** Id of the tenant, scope or consent, fingerprint of the certificate, or hash of the document. */
  object: string;
}

/** Certificates that were refused before anybody was identified: the first time, and then as a count for the hour. */
export interface CertificateRefusedFacts {
  event: 'CERTIFICATE_REFUSED';
  code: ErrorCode;
  /** Null where none was presented, or strangers came in such numbers that they are counted together. */
  fingerprint: string | null;
  /** Null where the certificate is registered to nobody. */
  tenant: string | null;
  /** When the hour began, ISO 8601. */
  since: string;
  /** How many refusals this entry stands for. */
  count: number;
}

/** Requests that were refused because their tenant asked for too much: the first, and then as a count for the hour. */
export interface DemandRefusedFacts {
  event: 'DEMAND_REFUSED';
  code: ErrorCode;
  tenant: string;
  /** When the hour began, ISO 8601. */
  since: string;
  /** How many refusals this entry stands for. */
  count: number;
}

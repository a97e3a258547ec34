import type { Readable } from 'node:stream';
import type { Permission } from '../../gateway/policy/categories.js';
import type { BulkSession } from './bulk.js';
import type { Disclosed } from './disclosures.js';

/** A request at a bulk door, after identity and policy: the same whether the room runs in-process or apart. */
export interface DoorRequest {
  /** Values of the `:name` pieces of the door's path. */
  params: Record<string, string>;
  query: Record<string, string>;
  /** Lower-case names; what identifies the caller has been removed, the grant says who calls. */
  headers: Record<string, string>;
  body: Readable;
}

export interface DoorAnswer {
  status: number;
  headers: Record<string, string>;
  body: Readable | Buffer | string;
  /** What leaves or enters, for the ledger row that is written before the first byte of the body leaves. */
  release?: Release;
  /** What the body tells of whom, for the ledger like the release. */
  disclosed?: Disclosed[];
}

/** What one answer disclosed or took in: counts and hashes, never values. */
export interface Release {
  kind: 'UPLOAD' | 'MANIFEST' | 'PART' | 'QUARANTINE';
  /** The batch or package. */
  object: string;
  sha256: string;
  /** Day blocks, or lines, or parts: what the object counts. */
  items: number;
}

export interface Door {
  requires: Permission[];
  /** `inner` doors answer to other rooms under a grant, never to the outside. */
  audience: 'outer' | 'inner';
  handle: (request: DoorRequest, session: BulkSession) => Promise<DoorAnswer>;
}

/** `POST /upload/readings` → door */
export type Doors = Record<`${'GET' | 'POST'} /${string}`, Door>;

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GraphQLError, Kind, parse, validate, type GraphQLSchema } from 'graphql';
import { Client } from 'pg';
import { composeRooms } from '../../gateway/composed.js';
import type { AdminAct } from '../../gateway/ledger/entry.js';
import { Failure, fault } from '../client/failure.js';
import { openPlace } from './place.js';
import { recordAtConsole } from './recording.js';

/** Documents are the hub's, whatever the stage of who asks: one database holds them. */
const STAGE = 'FORMAL';

export interface DocumentFile {
  path: string;
  sha256: string;
  text: string;
  operations: string[];
}

export interface PublishedDocument {
  sha256: string;
  text: string;
  publishedBy: string;
  publishedAt: string;
  revokedBy: string | null;
  revokedAt: string | null;
}

/** Reads documents and holds them against the schema, all of them before any is published. */
export async function readDocuments(paths: string[]): Promise<DocumentFile[]> {
  const { planner } = await composeRooms();
  const { schema } = planner.internals;
  return Promise.all(paths.map((path) => readDocument(path, schema)));
}

async function readDocument(path: string, schema: GraphQLSchema): Promise<DocumentFile> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw fault('FILE_UNUSABLE', `${path}: ${error.message}`);
  });
  const operations = operationsIn(path, text, schema);
  return { path, sha256: createHash('sha256').update(text).digest('hex'), text, operations };
}

function operationsIn(path: string, text: string, schema: GraphQLSchema): string[] {
  try {
    const document = parse(text);
    const [error] = validate(schema, document);
    if (error) throw error;
    const names = document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? [node.name?.value ?? node.operation] : [],
    );
    if (names.length > 0) return names;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const line = error.locations?.[0]?.line ?? 1;
    throw fault('FILE_UNUSABLE', `${path}, line ${line}: ${error.message}`);
  }
  throw fault('FILE_UNUSABLE', `${path} has no operation.`);
}

export function publishDocuments(home: string, documents: DocumentFile[], operator: string): Promise<void> {
  return atOwner(home, async (owner, record) => {
    for (const { sha256, text } of documents) {
      await owner.query(
        `insert into demand.document (sha256, text, published_by) values ($1, $2, $3)
          on conflict (sha256) do update set published_by = excluded.published_by, published_at = now(),
            revoked_by = null, revoked_at = null`,
        [sha256, text, operator],
      );
    }
    await record(
      'DOCUMENT_PUBLISHED',
      documents.map(({ sha256 }) => sha256),
    );
  });
}

/** @throws Failure NOT_FOUND, and nothing is revoked */
export function revokeDocuments(home: string, hashes: string[], operator: string): Promise<void> {
  return atOwner(home, async (owner, record) => {
    for (const sha256 of hashes) {
      const { rowCount } = await owner.query(
        `update demand.document set revoked_by = $2, revoked_at = now() where sha256 = $1 and revoked_at is null`,
        [sha256, operator],
      );
      if (rowCount === 0)
        throw new Failure({
          code: 'NOT_FOUND',
          message: `No document ${sha256} is published.`,
          remedy: 'hub documents list shows those that are.',
        });
    }
    await record('DOCUMENT_REVOKED', hashes);
  });
}

export async function publishedDocuments(home: string): Promise<PublishedDocument[]> {
  const documents: PublishedDocument[] = [];
  await atOwner(home, async (owner) => {
    const { rows } = await owner.query<PublishedDocument>(
      `select sha256, text, published_by as "publishedBy", published_at as "publishedAt", revoked_by as "revokedBy",
        revoked_at as "revokedAt" from demand.document order by published_at, sha256`,
    );
    documents.push(...rows);
  });
  return documents;
}

type Record = (act: AdminAct, objects: string[]) => Promise<void>;

/** One transaction as the owner of the tables; acts stand in the ledger before it is committed. */
async function atOwner(home: string, work: (owner: Client, record: Record) => Promise<void>): Promise<void> {
  const place = await openPlace(home, { mayPrepare: false });
  const owner = new Client({ connectionString: place.ownerUrl(STAGE), application_name: 'hub documents' });
  try {
    await owner.connect();
    await owner.query('begin');
    await work(owner, (act, objects) =>
      recordAtConsole(
        place,
        STAGE,
        objects.map((object) => ({ act, object })),
      ),
    );
    await owner.query('commit');
  } finally {
    // What was not committed is undone with the connection.
    await owner.end().catch(() => undefined);
    await place.close();
  }
}

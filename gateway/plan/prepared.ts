import { createHash } from 'node:crypto';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { Measure } from '../demand/measure.js';
import { Refusal } from '../errors.js';
import type { Operation as RecordedOperation } from '../ledger/entry.js';
import type { Permission } from '../policy/categories.js';
import type { StandingAct } from '../policy/standing.js';
import { checkLiterals } from '../texts.js';
import { actsAsked, permissionsAsked, permissionsUsed } from './asked.js';
import type { Supergraph } from './supergraph.js';

/** A valid document as sent, with its text. */
export interface SourceDocument {
  source: string;
  document: DocumentNode;
}

/** All of an operation that depends neither on who asks nor on variables: known once, used by every request of it. */
export interface Prepared extends SourceDocument {
  operation: OperationDefinitionNode;
  /** What was asked, for the ledger: by the hash of its text. */
  recorded: Extract<RecordedOperation, { sha256: string }>;
  acts: readonly StandingAct[];
  /** How large it could become; with list sizes from variables once those are known. */
  measure: Measure;
  /** Permissions that it asks for. */
  asked: ReadonlySet<Permission>;
  /** Permissions that widen its answer where the caller has them. */
  used: ReadonlySet<Permission>;
  /** What is wrong with a text in it; told only to who may ask at all. */
  unfit: Refusal | null;
}

/** What its sender must stand for to ask an operation at all; the document need not be valid for that. */
export function standingAsked(
  { source, document }: SourceDocument,
  operation: OperationDefinitionNode,
): Pick<Prepared, 'recorded' | 'acts'> {
  return {
    recorded: {
      kind: operation.operation === 'mutation' ? 'MUTATION' : 'QUERY',
      name: operation.name?.value ?? null,
      sha256: createHash('sha256').update(source).digest('hex'),
    },
    acts: actsAsked(document, operation),
  };
}

/** @throws Refusal BAD_REQUEST, GRAPHQL_VALIDATION_FAILED */
export function prepared(
  { schema, requirements }: Supergraph,
  { source, document }: SourceDocument,
  operation: OperationDefinitionNode | null | undefined,
): Prepared {
  if (!operation) throw new Refusal('BAD_REQUEST', NO_OPERATION);
  // The schema has none, but validation does not ask for that.
  if (operation.operation === 'subscription')
    throw new Refusal('GRAPHQL_VALIDATION_FAILED', NO_SUBSCRIPTIONS);
  return {
    source,
    document,
    operation,
    ...standingAsked({ source, document }, operation),
    measure: new Measure(schema, document, operation),
    asked: permissionsAsked(schema, requirements, document, operation),
    used: permissionsUsed(schema, requirements, document, operation),
    unfit: unfitLiterals(source, document),
  };
}

function unfitLiterals(source: string, document: DocumentNode): Refusal | null {
  try {
    checkLiterals(source, document);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const NO_OPERATION = {
  message: 'The document has no operation of this name, or several and none is named.',
  remedy: 'Name one of the operations of the document in operationName.',
};

const NO_SUBSCRIPTIONS = {
  message: 'There are no subscriptions.',
  remedy: 'Ask a query again when it is time.',
};

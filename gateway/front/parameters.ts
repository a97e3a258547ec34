import type { FastifyRequest } from 'fastify';
import type { NamedSource } from '../demand/sources.js';
import { Refusal } from '../errors.js';

/** What a client sends (GraphQL over HTTP): by POST as the members of a JSON object, by GET in the address. */
export interface Parameters extends NamedSource {
  operationName: string | null;
  variables: Record<string, unknown>;
  extensions: Record<string, unknown>;
}

/** @throws Refusal BAD_REQUEST */
export function parametersOf({ method, body, query }: FastifyRequest): Parameters {
  const given = method === 'GET' ? inAddress(query as Record<string, unknown>) : body;
  if (Array.isArray(given)) throw refused('Operations come one at a time, not in a list.');
  if (!isObject(given)) throw refused('The body is no JSON object.');
  const extensions = objectIn(given, 'extensions');
  return {
    query: textIn(given, 'query') || null,
    documentId: textIn(given, 'documentId'),
    sha256: persistedIn(extensions),
    operationName: textIn(given, 'operationName'),
    variables: objectIn(given, 'variables'),
    extensions,
  };
}

/** The hash of a persisted query. */
function persistedIn(extensions: Record<string, unknown>): string | null {
  const persisted = extensions['persistedQuery'] ?? null;
  if (persisted === null) return null;
  if (!isObject(persisted) || persisted['version'] !== 1 || typeof persisted['sha256Hash'] !== 'string')
    throw refused('extensions.persistedQuery needs version 1 and sha256Hash.');
  return persisted['sha256Hash'];
}

const IN_ADDRESS = ['query', 'documentId', 'operationName', 'variables', 'extensions'];

function inAddress(query: Record<string, unknown>): Record<string, unknown> {
  const given = IN_ADDRESS.flatMap((name): [string, unknown][] => {
    const value = Object.hasOwn(query, name) ? query[name] : undefined;
    if (value === undefined) return [];
    if (typeof value !== 'string') throw refused(`${name} is in the address more than once.`);
    return [[name, name === 'variables' || name === 'extensions' ? parsed(name, value) : value]];
  });
  return Object.fromEntries(given);
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`${name} is no JSON.`);
  }
}

function textIn(given: Record<string, unknown>, name: string): string | null {
  const value = given[name] ?? null;
  if (value !== null && typeof value !== 'string') throw refused(`${name} is no text.`);
  return value;
}

function objectIn(given: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = given[name] ?? {};
  if (!isObject(value)) throw refused(`${name} is no JSON object.`);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(message: string): Refusal {
  return new Refusal('BAD_REQUEST', { message });
}

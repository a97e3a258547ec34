import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors.js';

/** What a client sends (GraphQL over HTTP): by POST as the members of a JSON object, by GET in the address. */
export interface Parameters {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
  extensions: Record<string, unknown>;
}

/** @throws Refusal BAD_REQUEST */
export function parametersOf({ method, body, query }: FastifyRequest): Parameters {
  const given = method === 'GET' ? inAddress(query as Record<string, unknown>) : body;
  if (Array.isArray(given)) throw refused('Operations come one at a time, not in a list.');
  if (!isObject(given)) throw refused('The body is no JSON object.');
  const { query: source, operationName = null } = given;
  // The document is recorded by the hash of its text, so a name or hash of one does not do.
  if (typeof source !== 'string' || source === '')
    throw refused('There is no query: a text with one GraphQL document.');
  if (operationName !== null && typeof operationName !== 'string') throw refused('operationName is no text.');
  const extensions = objectIn(given, 'extensions');
  if (extensions['persistedQuery']) throw refused('There are no persisted queries: send the document alone.');
  return { query: source, operationName, variables: objectIn(given, 'variables'), extensions };
}

const IN_ADDRESS = ['query', 'operationName', 'variables', 'extensions'];

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

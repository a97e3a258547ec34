import type { EventEmitter } from 'node:events';
import type { ClientBase } from 'pg';
import { beginSpan, isTracing, type Span } from './tracing.js';

/**
 * Has every statement of a connection told and traced. `query` has a dozen overloads; only the text of the first
 * argument and how it answers matter here.
 */
export function observe(client: ClientBase, onStatement?: (sql: string) => void): void {
  if (!onStatement && !isTracing()) return;
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const observed = (...args: unknown[]): unknown => {
    const sql = textOf(args[0]);
    onStatement?.(sql);
    const span = beginSpan({
      name: /^\w+/.exec(sql.trim())?.[0]?.toUpperCase() ?? 'SQL',
      kind: 'CLIENT',
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': withoutValues(sql) },
    });
    return span ? ending(span, args, query) : query(...args);
  };
  client.query = observed as typeof client.query;
}

function textOf(first: unknown): string {
  return typeof first === 'string' ? first : String((first as { text?: string } | undefined)?.text ?? 'COPY');
}

/** A grant is set as a literal, and so may other settings be: what stands between quotes never leaves. */
export function withoutValues(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, '?');
}

/** A promise, a callback or, for COPY, a stream: the span ends with whichever it is. */
function ending(span: Span, args: unknown[], query: (...args: unknown[]) => unknown): unknown {
  const end = (error?: unknown): void => {
    if (error) span.fail(String((error as { code?: unknown }).code ?? 'unknown'));
    span.end();
  };
  const last = args.at(-1);
  if (typeof last === 'function') {
    const told = (error: unknown, result: unknown): void => {
      end(error);
      (last as (error: unknown, result: unknown) => void)(error, result);
    };
    return query(...args.slice(0, -1), told);
  }
  const answer = query(...args);
  if (answer instanceof Promise) answer.then(() => end(), end);
  else if (isEmitter(answer)) answer.once('error', end).once('close', () => end());
  return answer;
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof (value as EventEmitter | undefined)?.once === 'function';
}

import { AsyncLocalStorage } from 'node:async_hooks';

/** What may stand in a trace: kinds, names of ours, codes, numbers; never a variable, a subject or a value. */
export type Attributes = Record<string, string | number | boolean | undefined>;

/** One piece of work in a trace. */
export interface Span {
  /** W3C `traceparent`, for whoever goes on with the trace in another process. */
  readonly traceparent: string;
  set(attributes: Attributes): void;
  fail(code: string): void;
  /** @param at milliseconds since 1970; now unless said otherwise */
  end(at?: number): void;
}

export interface Begun {
  name: string;
  kind?: 'SERVER' | 'CLIENT' | 'INTERNAL';
  attributes?: Attributes;
  /** Milliseconds since 1970. */
  at?: number;
}

export interface Tracer {
  /** Undefined when the trace is not among those that are kept. */
  begin(begun: Begun, parent: Span | string | undefined): Span | undefined;
}

const current = new AsyncLocalStorage<Span | undefined>();

/** Of the process, like its exporter: off until a process says otherwise, and then it costs a look at this. */
let tracer: Tracer | undefined;

export function traceWith(one: Tracer | undefined): void {
  tracer = one;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/** The first span of this process in a trace; with a `traceparent`, of one that goes on here. */
export function beginTrace(begun: Begun, parent?: string): Span | undefined {
  return tracer?.begin(begun, parent);
}

/** What `work` does, and what follows from it, belongs to the span. */
export function within<T>(span: Span | undefined, work: () => T): T {
  return span ? current.run(span, work) : work();
}

export function traceparent(): string | undefined {
  return tracer && current.getStore()?.traceparent;
}

/** A span below the one that is under way, if one is. */
export function beginSpan(begun: Begun): Span | undefined {
  const parent = tracer && current.getStore();
  return parent && tracer?.begin(begun, parent);
}

/** Does `work` in a span below the one that is under way; without one it is just done. */
export function traced<T>(name: string, work: () => T, more: Omit<Begun, 'name'> = {}): T {
  const span = beginSpan({ name, ...more });
  if (!span) return work();
  try {
    const result = within(span, work);
    if (result instanceof Promise) {
      result.then(
        () => span.end(),
        (error: unknown) => failed(span, error),
      );
    } else span.end();
    return result;
  } catch (error) {
    failed(span, error);
    throw error;
  }
}

/** By the code alone: a message may name a row. */
function failed(span: Span, error: unknown): void {
  const { code, name } = error as { code?: unknown; name?: unknown };
  span.fail(String(code ?? name ?? 'unknown'));
  span.end();
}

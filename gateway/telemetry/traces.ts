import { traceWith } from '../../subgraphs/runtime/tracing.js';
import type { Config } from '../config.js';

/** Where traces go, and how many. */
export interface Traces {
  /** Whole, with its path: `http://localhost:4318/v1/traces`. */
  url: string;
  /** Of a hundred traces so many are kept; the choice of the gateway holds in its rooms. */
  percent: number;
  service: string;
}

/** Begins to trace what this process does, where its configuration says so; before it opens anything else. */
export async function openTraces(
  { traces }: Config,
  service: string,
  closing: (() => unknown)[],
): Promise<void> {
  if (traces.url === undefined) return;
  const { otlpTracer } = await import('./otlp.js');
  const { tracer, close } = otlpTracer({ url: traces.url, percent: traces.percent, service });
  traceWith(tracer);
  closing.push(async () => {
    traceWith(undefined);
    // An exporter that cannot be reached keeps nobody from ending.
    await close().catch(() => undefined);
  });
}

import {
  type Attributes as OtelAttributes,
  type Context,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Attributes, Begun, Span, Tracer } from '../../subgraphs/runtime/tracing.js';
import type { Traces } from './traces.js';

/** OpenTelemetry over OTLP/HTTP. Loaded only where traces are wanted; nothing of it is made global. */
export function otlpTracer({ url, percent, service }: Traces): { tracer: Tracer; close(): Promise<void> } {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(percent / 100) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }), scheduledDelayMillis: EXPORT_MS }),
    ],
  });
  const otel = provider.getTracer('energy-exchange-hub');
  const begin = ({ name, kind = 'INTERNAL', attributes, at }: Begun, parent: Span | string | undefined) => {
    const options = {
      kind: SpanKind[kind],
      ...(attributes && { attributes: attributes as OtelAttributes }),
      ...(at !== undefined && { startTime: at }),
    };
    const span = otel.startSpan(name, options, contextOf(parent));
    return span.isRecording() ? new OtlpSpan(span) : undefined;
  };
  return { tracer: { begin }, close: () => provider.shutdown() };
}

const EXPORT_MS = 1_000;

class OtlpSpan implements Span {
  readonly span: OtelSpan;

  constructor(span: OtelSpan) {
    this.span = span;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes as OtelAttributes);
  }

  fail(code: string): void {
    this.span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
  }

  end(at?: number): void {
    this.span.end(at);
  }
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function contextOf(parent: Span | string | undefined): Context {
  if (parent instanceof OtlpSpan) return trace.setSpan(ROOT_CONTEXT, parent.span);
  const [, traceId, spanId, flags] = (typeof parent === 'string' && TRACEPARENT.exec(parent)) || [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16),
    isRemote: true,
  });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasClosed } from '../../subgraphs/runtime/leaving.js';
import type { Config } from '../config.js';
import { cutAnswer } from '../connections.js';
import { Refusal } from '../errors.js';

type Exchange = Pick<FastifyRequest, 'caller'> & Pick<FastifyReply, 'raw'>;

const MIB = 2 ** 20;

/** What is in memory for clients that are slow: bodies that are half sent, answers that are half read. */
export class Held {
  readonly #bytes = new Map<string, number>();
  readonly #limits: Pick<Config, 'clientMs' | 'tenantHeldBytes'>;

  constructor(limits: Pick<Config, 'clientMs' | 'tenantHeldBytes'>) {
    this.#limits = limits;
  }

  /** Bodies of these routes come in time, and nobody sends more while too much is held for it. */
  limitRequests(server: FastifyInstance, largest: number): void {
    const coming = new WeakMap<FastifyRequest, () => void>();
    server.addHook('onRequest', async (request, reply) => {
      const { caller, method, headers } = request;
      if ((this.#bytes.get(nameOf(caller)) ?? 0) > this.#limits.tenantHeldBytes) throw tooMuch();
      if (method === 'GET') return;
      const bytes = Math.min(Number(headers['content-length'] ?? largest), largest);
      const refuse = (): void => {
        if (!reply.sent) reply.send(new Refusal('BODY_TOO_SLOW'));
      };
      coming.set(request, this.#hold({ caller, raw: reply.raw }, bytes, refuse));
    });
    server.addHook('preValidation', async (request) => coming.get(request)?.());
  }

  /** An answer that is not read in time is cut off. A stream holds little: it takes as long as its reader does. */
  limitAnswer({ caller }: FastifyRequest, { raw }: FastifyReply, payload: unknown): void {
    if (payload && typeof payload !== 'string' && !ArrayBuffer.isView(payload)) return;
    const bytes = typeof payload === 'string' ? payload.length : ((payload as Buffer)?.byteLength ?? 0);
    this.#hold({ caller, raw }, bytes, () => cutAnswer(raw));
  }

  #hold({ caller, raw }: Exchange, bytes: number, onLate: () => void): () => void {
    if (hasClosed(raw)) return () => undefined;
    const name = nameOf(caller);
    this.#bytes.set(name, (this.#bytes.get(name) ?? 0) + bytes);
    const late = setTimeout(onLate, this.#limits.clientMs * Math.max(1, Math.ceil(bytes / MIB))).unref();
    let isHeld = true;
    const end = (): void => {
      if (!isHeld) return;
      isHeld = false;
      raw.off('close', end);
      clearTimeout(late);
      const left = (this.#bytes.get(name) ?? 0) - bytes;
      if (left > 0) this.#bytes.set(name, left);
      else this.#bytes.delete(name);
    };
    raw.once('close', end);
    return end;
  }
}

/** Those who are nobody share one account. */
function nameOf(caller: FastifyRequest['caller'] | undefined): string {
  return caller ? `${caller.stage} ${caller.tenant}` : '';
}

function tooMuch(): Refusal {
  return new Refusal('TOO_MANY_AT_ONCE', {
    message: 'Too many answers to the tenant are not read yet, or too many of its requests half sent.',
    remedy: 'Read the answers that are under way first.',
    rule: 'demand/held',
    retryAfter: 1,
  });
}

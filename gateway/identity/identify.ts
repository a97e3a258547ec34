import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Judge } from '../../certs/judge.js';
import { type ErrorCode, Refusal } from '../errors.js';
import type { Caller, Stage } from '../policy/grant.js';
import { standingRefusal } from '../policy/standing.js';
import type { Sighting } from './refused.js';
import type { Registry } from './registry.js';

interface Presented {
  certificate: X509Certificate;
  fingerprint: string;
}

/**
 * Who calls: from the client certificate of the connection and the tenant its fingerprint is registered to. Asked on
 * every request, so a revocation works on connections that are open.
 */
export class Identity {
  readonly #judge: Judge;
  readonly #registries: Record<Stage, Registry>;
  readonly #refused: (sighting: Sighting) => void;
  /** Parsing a certificate costs more than all the rest; a connection presents one for its whole life. */
  readonly #presented = new WeakMap<Socket, Presented>();

  /** @param refused told of every certificate that is refused, to be recorded. */
  constructor(
    judge: Judge,
    registries: Record<Stage, Registry>,
    refused: (sighting: Sighting) => void = () => undefined,
  ) {
    this.#judge = judge;
    this.#registries = registries;
    this.#refused = refused;
  }

  /**
   * Who calls, if its standing lets it be answered at all; what it then asks for is compared with it again.
   *
   * @throws Refusal CERTIFICATE_*, REGISTRY_STALE
   */
  async identify(socket: Socket | undefined): Promise<Caller> {
    const presented = this.#presentedBy(socket);
    const fingerprint = presented?.fingerprint ?? null;
    const verdict = this.#judge.stageOf(presented?.certificate);
    if ('problem' in verdict)
      throw this.#refusal(`CERTIFICATE_${verdict.problem}`, 'identity/certificate', { fingerprint });
    const { stage } = verdict;
    const registered = await this.#registries[stage].certificate(fingerprint ?? '');
    if (!registered)
      throw this.#refusal(await this.#unregistered(stage, fingerprint ?? ''), 'identity/registered', {
        stage,
        fingerprint,
      });
    const { id, name, tier, area, uscc, status } = registered.tenant;
    const refused = standingRefusal(status, registered.status, 'CONNECT');
    if (refused) throw this.#refusal(refused, 'identity/registered', { stage, fingerprint, tenant: id });
    return { tenant: id, name, tier, area, uscc, stage, fingerprint: fingerprint ?? '' };
  }

  #refusal(code: ErrorCode, rule: string, seen: Omit<Sighting, 'code'>): Refusal {
    this.#refused({ ...seen, code });
    return new Refusal(code, { rule });
  }

  #presentedBy(socket: Socket | undefined): Presented | undefined {
    if (!socket) return undefined;
    const known = this.#presented.get(socket);
    if (known) return known;
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    if (!certificate) return undefined;
    const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    const presented = { certificate, fingerprint };
    this.#presented.set(socket, presented);
    return presented;
  }

  async #unregistered(stage: Stage, fingerprint: string): Promise<ErrorCode> {
    const other = this.#registries[stage === 'TEST' ? 'FORMAL' : 'TEST'];
    const isElsewhere = (await other.certificate(fingerprint)) !== undefined;
    return isElsewhere ? 'CERTIFICATE_WRONG_AUTHORITY' : 'CERTIFICATE_UNREGISTERED';
  }
}

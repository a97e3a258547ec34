import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Judge } from '../../certs/judge.js';
import { Refusal } from '../errors.js';
import type { Caller, Stage } from '../policy/grant.js';
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
  /** Parsing a certificate costs more than all the rest; a connection presents one for its whole life. */
  readonly #presented = new WeakMap<Socket, Presented>();

  constructor(judge: Judge, registries: Record<Stage, Registry>) {
    this.#judge = judge;
    this.#registries = registries;
  }

  /** @throws Refusal CERTIFICATE_*, TENANT_INACTIVE, REGISTRY_STALE */
  async identify(socket: Socket): Promise<Caller> {
    const presented = this.#presentedBy(socket);
    const verdict = this.#judge.stageOf(presented?.certificate);
    if ('problem' in verdict)
      throw new Refusal(`CERTIFICATE_${verdict.problem}`, { rule: 'identity/certificate' });
    const { stage } = verdict;
    const fingerprint = presented?.fingerprint ?? '';
    const registered = await this.#registries[stage].certificate(fingerprint);
    if (!registered) throw await this.#unregistered(stage, fingerprint);
    if (registered.status !== 'ACTIVE')
      throw new Refusal('CERTIFICATE_REVOKED', { rule: 'identity/registered' });
    const { status, id, name, tier, area, uscc } = registered.tenant;
    if (status !== 'ACTIVE') throw new Refusal('TENANT_INACTIVE', { rule: 'identity/tenant' });
    return { tenant: id, name, tier, area, uscc, stage, fingerprint };
  }

  #presentedBy(socket: Socket): Presented | undefined {
    const known = this.#presented.get(socket);
    if (known) return known;
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    if (!certificate) return undefined;
    const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    const presented = { certificate, fingerprint };
    this.#presented.set(socket, presented);
    return presented;
  }

  async #unregistered(stage: Stage, fingerprint: string): Promise<Refusal> {
    const other = this.#registries[stage === 'TEST' ? 'FORMAL' : 'TEST'];
    const isElsewhere = (await other.certificate(fingerprint)) !== undefined;
    const code = isElsewhere ? 'CERTIFICATE_WRONG_AUTHORITY' : 'CERTIFICATE_UNREGISTERED';
    return new Refusal(code, { rule: 'identity/registered' });
  }
}

import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Page } from '../../runtime/lists.js';
import { inOrder, page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { giveNotice } from '../erasures/repository.js';
import { lateDays } from './late-days.js';
import { actorOf, type Parties } from './actors.js';
import { Consent, ConsentEvent } from './entities.js';
import type {
  ConsentInput,
  ConsentRequestInput,
  ConsentsArguments,
  ConsentStepArguments,
  GrantConsentArguments,
} from './inputs.js';
import { mustBeDeclared, mustReceiveByConsent } from './recipients.js';
import { mayBeAsked, mustLieWhereSaid, mustSee } from './subjects.js';
import { granted, type Terms, termsOf } from './terms.js';
import { type ConsentActor, type ConsentState, NO_CONSENT } from './transitions.js';

const DAY_MS = 86_400_000;
const MOST_AT_ONCE = 500;

export class ConsentRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Consent | null>(async (ids) => {
    const rows = await this.#session.em.find(Consent, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (consent) => consent.id);
  });
  readonly eventsOf = new DataLoader<string, ConsentEvent[]>(async (ids) => {
    const rows = await this.#session.em.find(
      ConsentEvent,
      { consent: { $in: [...ids] } },
      { orderBy: { number: 'asc' } },
    );
    const byConsent = Map.groupBy(rows, ({ consent }) => consent);
    return ids.map((id) => byConsent.get(id) ?? []);
  });

  /** Days that arrived after a consent's end and would have gone to its recipient; for anybody but the recipient. */
  readonly lateDaysOf = new DataLoader<Consent, number, string>(
    async (consents) => lateDays(this.#session, consents, await this.#alsoGranted(consents)),
    {
      cacheKeyFn: ({ id }) => id,
    },
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({ subject, recipient, status, ...request }: ConsentsArguments): Promise<Page<Consent>> {
    return page(this.#session, Consent, request, { by: ['id'] }, [
      { property: 'subject', is: '=', value: subject },
      { property: 'recipient', is: '=', value: recipient },
      { property: 'status', is: '=', value: status },
    ]);
  }

  /**
   * Asks a subject on behalf of the caller. It waits for the operator's period, or until what is asked for is over.
   *
   * @throws Refusal CONFLICT while another request to this subject for this purpose waits;
   * CONSENT_WITHOUT_EFFECT, PURPOSE_NOT_DECLARED, BAD_USER_INPUT
   */
  async request(input: ConsentRequestInput): Promise<Consent> {
    const { grant, periods } = this.#session;
    const { subject, area } = input;
    const parties = { subject, area, recipient: grant.caller.tenant };
    const terms = termsOf(input);
    const end = Date.parse(terms.validTo);
    if (end <= Date.now()) throw new Refusal('BAD_USER_INPUT', { message: 'What is asked for is over.' });
    const answerBy = new Date(Math.min(end, Date.now() + periods.consentAnswer * DAY_MS)).toISOString();
    const actor = actorOf(grant, parties, NO_CONSENT, 'REQUESTED');
    await mustReceiveByConsent(this.#session, [parties]);
    await mayBeAsked(this.#session, subject, area);
    await mustBeDeclared(this.#session, [{ ...parties, purpose: terms.purpose }]);
    const id = newId('con');
    await append(this.#session, { consent: id, status: 'REQUESTED', actor, answerBy, parties, terms });
    return this.#fresh(id);
  }

  /**
   * Records consents that were given: by the subject itself, or on paper, whose hash is kept then.
   *
   * @throws Refusal CONSENT_WITHOUT_EFFECT, PURPOSE_NOT_DECLARED; ROW_OUT_OF_REACH, FOUR_EYES, SCOPE_MISSING,
   * BAD_USER_INPUT for a subject that is not the caller's to speak for, or for whom there is no paper.
   */
  async record(inputs: ConsentInput[]): Promise<Consent[]> {
    if (inputs.length > MOST_AT_ONCE)
      throw new Refusal('BAD_USER_INPUT', { message: `At most ${MOST_AT_ONCE} consents at once.` });
    const recorded = inputs.map((input) => {
      const actor = actorOf(this.#session.grant, input, NO_CONSENT, 'GRANTED');
      return { input, actor, terms: termsOf(input), id: newId('con') };
    });
    await mustReceiveByConsent(this.#session, inputs);
    await mustLieWhereSaid(this.#session, inputs);
    await mustBeDeclared(this.#session, inputs);
    for (const { id, input, actor, terms } of recorded) {
      const { evidenceSha256 } = input;
      await append(this.#session, {
        consent: id,
        status: 'GRANTED',
        actor,
        evidenceSha256,
        parties: input,
        terms,
      });
    }
    return Promise.all(recorded.map(({ id }) => this.#fresh(id)));
  }

  /**
   * @throws Refusal NOT_FOUND, WRONG_STATE, FOUR_EYES, ROW_OUT_OF_REACH, CONSENT_WITHOUT_EFFECT; BAD_USER_INPUT for
   * more than was asked.
   */
  async grant({ terms, ...step }: GrantConsentArguments): Promise<Consent> {
    const asked = await this.#seen(step.id);
    const actor = actorOf(this.#session.grant, asked, asked.status, 'GRANTED');
    await mustReceiveByConsent(this.#session, [asked]);
    await mustLieWhereSaid(this.#session, [asked]);
    await append(this.#session, {
      ...stepOf(step),
      status: 'GRANTED',
      actor,
      parties: asked,
      terms: granted(asked, terms ?? {}),
    });
    return this.#fresh(step.id);
  }

  /**
   * Refuses a request, or ends a consent; its recipient is given notice to erase in the same transaction.
   *
   * @throws Refusal NOT_FOUND, WRONG_STATE, ROW_OUT_OF_REACH; SCOPE_MISSING, BAD_USER_INPUT for an operator that does
   * not see the subject
   */
  async end(status: ConsentState, step: ConsentStepArguments): Promise<Consent> {
    const held = await this.#seen(step.id);
    const actor = actorOf(this.#session.grant, held, held.status, status);
    // Where it lay when it consented does not matter: it may have moved since.
    if (actor === 'OPERATOR') await mustSee(this.#session, [held.subject]);
    await append(this.#session, { ...stepOf(step), status, actor });
    if (held.status === 'GRANTED') await giveNotice(this.#session, step.id);
    return this.#fresh(step.id);
  }

  /** What else the subjects of these have granted to the recipients of these, and whatever became of it. */
  #alsoGranted(consents: readonly Consent[]): Promise<Consent[]> {
    return this.#session.em.find(Consent, {
      subject: { $in: [...new Set(consents.map(({ subject }) => subject))] },
      recipient: { $in: [...new Set(consents.map(({ recipient }) => recipient))] },
      grantedAt: { $ne: null },
    });
  }

  async #seen(id: string): Promise<Consent> {
    const consent = await this.byId.load(id);
    if (!consent) throw new Refusal('NOT_FOUND', { message: 'No such consent in your reach.' });
    return consent;
  }

  async #fresh(id: string): Promise<Consent> {
    const [consent] = await this.#session.entities(Consent, 'select * from tenants.consent where id = $1', [
      id,
    ]);
    if (!consent) throw new Refusal('ROW_OUT_OF_REACH');
    return consent;
  }
}

interface NewEvent {
  consent: string;
  status: ConsentState;
  actor: ConsentActor;
  reason?: string | null | undefined;
  evidenceSha256?: string | null | undefined;
  answerBy?: string;
  parties?: Parties;
  /** Where the step says them; any other leaves them as they are. */
  terms?: Terms;
}

function stepOf({ id, reason, evidenceSha256 }: ConsentStepArguments): Omit<NewEvent, 'status' | 'actor'> {
  return { consent: id, reason, evidenceSha256 };
}

/** @throws Refusal WRONG_STATE when somebody else was faster, CONFLICT, BAD_USER_INPUT without the paper's hash */
async function append(session: Session, event: NewEvent): Promise<void> {
  const { consent, status, actor, reason, evidenceSha256, answerBy, parties, terms } = event;
  if (actor === 'OPERATOR' && !evidenceSha256) {
    const message = 'Who speaks for the subject has its signed paper: say its hash (evidenceSha256).';
    throw new Refusal('BAD_USER_INPUT', { rule: 'consents/evidence', message });
  }
  try {
    await session.rows(
      `insert into tenants.consent_event (consent, status, actor, reason, evidence_sha256, answer_by, subject, area,
         recipient, categories, energy_kinds, meter_levels, finest, purpose, valid_from, valid_to, erase_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        ...[consent, status, actor, reason ?? null, evidenceSha256 ?? null, answerBy ?? null],
        ...[parties?.subject ?? null, parties?.area ?? null, parties?.recipient ?? null],
        ...[terms?.categories ?? null, terms?.energyKinds ?? null, terms?.meterLevels ?? null],
        ...[terms?.finest ?? null, terms?.purpose ?? null, terms?.validFrom ?? null, terms?.validTo ?? null],
        terms?.eraseBy ?? null,
      ],
    );
  } catch (error) {
    throw inWords(asRefusal(error));
  }
}

function inWords(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== 'CONFLICT') return error;
  const message = 'A request to this subject for this purpose is waiting for its answer.';
  return new Refusal('CONFLICT', { message });
}

/** Consents whose period is over, and requests that nobody answered in time. */
const DUE = `status in ('REQUESTED', 'GRANTED')
  and now() >= case status when 'REQUESTED' then answer_by else valid_to end`;

export async function dueToExpire(session: Session): Promise<string[]> {
  const due = await session.rows<{ id: string }>(
    `select id from tenants.consent where ${DUE} order by id limit $1`,
    [MOST_AT_ONCE],
  );
  return due.map(({ id }) => id);
}

/** The hub's own step; nothing when somebody else has ended it meanwhile. */
export async function expire(session: Session, id: string): Promise<void> {
  const [held] = await session.rows<{ status: ConsentState }>(
    `select status from tenants.consent where id = $1 and ${DUE}`,
    [id],
  );
  if (!held) return;
  await append(session, { consent: id, status: 'EXPIRED', actor: 'HUB' });
  if (held.status === 'GRANTED') await giveNotice(session, id);
}

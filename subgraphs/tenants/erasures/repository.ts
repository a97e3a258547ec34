import { createHash } from 'node:crypto';
import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Page } from '../../runtime/lists.js';
import { type Condition, inOrder, page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { ErasureAcknowledgement, ErasureNotice } from './entities.js';
import type { AcknowledgeErasureArguments, ErasureNoticesArguments } from './inputs.js';

const DAY_MS = 86_400_000;
const MOST_METHOD = 500;

export class ErasureRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, ErasureNotice | null>(async (ids) => {
    const rows = await this.#session.em.find(ErasureNotice, { id: { $in: [...ids] } });
    return inOrder(ids, rows, ({ id }) => id);
  });
  readonly ofConsent = new DataLoader<string, ErasureNotice | null>(async (consents) => {
    const rows = await this.#session.em.find(ErasureNotice, { consent: { $in: [...consents] } });
    return inOrder(consents, rows, ({ consent }) => consent);
  });
  readonly acknowledgementOf = new DataLoader<string, ErasureAcknowledgement | null>(async (notices) => {
    const rows = await this.#session.em.find(ErasureAcknowledgement, { notice: { $in: [...notices] } });
    return inOrder(notices, rows, ({ notice }) => notice);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws Refusal BAD_USER_INPUT for a state that is none. */
  list({ subject, recipient, state, ...request }: ErasureNoticesArguments): Promise<Page<ErasureNotice>> {
    return page(this.#session, ErasureNotice, request, { by: ['id'] }, [
      { property: 'subject', is: '=', value: subject },
      { property: 'recipient', is: '=', value: recipient },
      ...standing(state),
    ]);
  }

  /**
   * Keeps what the recipient says of its erasure, with a signed receipt. To say it again gives the same receipt.
   *
   * @throws Refusal NOT_FOUND, ROW_OUT_OF_REACH for anybody but the recipient, BAD_USER_INPUT
   */
  async acknowledge({ id, erasedAt, method }: AcknowledgeErasureArguments): Promise<ErasureAcknowledgement> {
    const found = await this.byId.load(id);
    if (!found) throw new Refusal('NOT_FOUND', { message: 'No such notice for you.' });
    const { caller, checkpoint } = this.#session.grant;
    if (found.recipient !== caller.tenant)
      throw new Refusal('ROW_OUT_OF_REACH', {
        message: 'Only its recipient acknowledges a notice.',
        remedy: `Ask ${found.recipient} to acknowledge it.`,
      });
    const known = await this.acknowledgementOf.load(id);
    if (known) return known;
    if (method.trim() === '' || method.length > MOST_METHOD) {
      const message = `method says what was erased and how, in 1 to ${MOST_METHOD} characters.`;
      throw new Refusal('BAD_USER_INPUT', { message });
    }
    const acknowledgedAt = new Date().toISOString();
    if (Date.parse(erasedAt) > Date.now())
      throw new Refusal('BAD_USER_INPUT', { message: 'erasedAt lies in the future.' });
    const receipt = JSON.stringify({
      format: 'hub-erasure-receipt/1',
      notice: id,
      noticeSha256: createHash('sha256').update(found.notice).digest('hex'),
      consent: found.consent,
      recipient: found.recipient,
      erasedAt,
      method,
      acknowledgedAt,
      checkpoint,
    });
    const parameters = [id, acknowledgedAt, erasedAt, method, receipt, await this.#session.sign(receipt)];
    return (await this.#keep(parameters)) ?? this.#theirs(id);
  }

  async #keep(parameters: unknown[]): Promise<ErasureAcknowledgement | undefined> {
    try {
      const [kept] = await this.#session.entities(
        ErasureAcknowledgement,
        `insert into tenants.erasure_acknowledgement (notice, acknowledged_at, erased_at, method, receipt, signature)
         values ($1, $2, $3, $4, $5, $6) on conflict (notice) do nothing returning *`,
        parameters,
      );
      return kept;
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** Another request was faster: its receipt is the one. */
  async #theirs(id: string): Promise<ErasureAcknowledgement> {
    const theirs = await this.acknowledgementOf.clear(id).load(id);
    if (!theirs) throw new Error('an acknowledgement was not kept');
    return theirs;
  }
}

function standing(state: string | null | undefined): Condition<ErasureNotice>[] {
  const now = new Date().toISOString();
  if (state === null || state === undefined) return [];
  if (!['OPEN', 'OVERDUE', 'ACKNOWLEDGED'].includes(state))
    throw new Refusal('BAD_USER_INPUT', { message: 'state is OPEN, OVERDUE or ACKNOWLEDGED.' });
  const [stored, until] = state === 'OVERDUE' ? ['OPEN', now] : [state, null];
  return [
    { property: 'state', is: '=', value: stored },
    { property: 'eraseBy', is: '<=', value: until },
  ];
}

interface EndedRow {
  subject: string;
  recipient: string;
  categories: string[];
  energy_kinds: string[] | null;
  meter_levels: number[] | null;
  finest: string;
  purpose: string;
  status: string;
  granted_at: string;
  ended_at: string;
  erase_by: string | null;
}

/** Tells the recipient of a consent that has just ended, in the same transaction, what to erase and by when. */
export async function giveNotice(session: Session, consent: string): Promise<void> {
  const [ended] = await session.rows<EndedRow>(
    `select subject, recipient, categories, energy_kinds, meter_levels, finest, purpose, status, granted_at, ended_at,
       erase_by from tenants.consent where id = $1`,
    [consent],
  );
  if (!ended) throw new Error(`no consent ${consent} has ended`);
  const id = newId('era');
  const eraseBy = deadline(ended, session.periods.erasure);
  const notice = JSON.stringify({
    format: 'hub-erasure-notice/1',
    notice: id,
    consent,
    cause: ended.status,
    recipient: ended.recipient,
    subject: ended.subject,
    categories: ended.categories,
    energyKinds: ended.energy_kinds,
    meterLevels: ended.meter_levels,
    finest: ended.finest,
    purpose: ended.purpose,
    receivedFrom: iso(ended.granted_at),
    receivedTo: iso(ended.ended_at),
    eraseBy,
    checkpoint: session.grant.checkpoint,
  });
  await session.rows(
    `insert into tenants.erasure_notice (id, consent, issued_at, erase_by, notice, signature)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, consent, ended.ended_at, eraseBy, notice, await session.sign(notice)],
  );
}

/** As agreed; at once, within the operator's period, where the subject takes its consent back before that. */
function deadline({ status, ended_at: endedAt, erase_by: agreed }: EndedRow, days: number): string {
  const usual = Date.parse(endedAt) + days * DAY_MS;
  if (agreed === null) return new Date(usual).toISOString();
  return new Date(status === 'REVOKED' ? Math.min(usual, Date.parse(agreed)) : agreed).toISOString();
}

function iso(time: string): string {
  return new Date(time).toISOString();
}

/** How many notices nobody has acknowledged, and for how many of them the time is over. */
export async function countErasures(session: Session): Promise<{ open: number; overdue: number }> {
  const [counted] = await session.rows<{ open: number; overdue: number }>(
    `select count(*)::int as open, (count(*) filter (where erase_by <= now()))::int as overdue
     from tenants.erasure_notice where state = 'OPEN'`,
  );
  return counted ?? { open: 0, overdue: 0 };
}

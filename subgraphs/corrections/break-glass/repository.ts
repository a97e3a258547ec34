import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Page } from '../../runtime/lists.js';
import { inOrder, page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import type { DecisionArguments } from '../inputs.js';
import { NO_SUCH_ROW } from '../migrations/003-apply-break-glass.js';
import { categoryOfTable, unseen } from '../visible/seen.js';
import { BreakGlass, BreakGlassEvent } from './entities.js';
import type { BreakGlassArguments, BreakGlassInput, ColumnInput } from './inputs.js';

const LATEST_FIRST = { by: ['requestedAt' as const, 'id' as const], descending: true };
const UNDECIDED = ['REQUESTED', 'APPROVED_ONCE'];

export class BreakGlassRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, BreakGlass | null>(async (ids) => {
    const rows = await this.#session.em.find(BreakGlass, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (request) => request.id);
  });
  readonly eventsOf = new DataLoader<string, BreakGlassEvent[]>(async (ids) => {
    const found = { breakGlass: { $in: [...ids] } };
    const rows = await this.#session.em.find(BreakGlassEvent, found, { orderBy: { number: 'asc' } });
    const byRequest = Map.groupBy(rows, ({ breakGlass }) => breakGlass);
    return ids.map((id) => byRequest.get(id) ?? []);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list({ state, requestedBy, ...request }: BreakGlassArguments): Promise<Page<BreakGlass>> {
    return page(this.#session, BreakGlass, request, LATEST_FIRST, [
      { property: 'state', is: '=', value: state },
      { property: 'requestedBy', is: '=', value: requestedBy },
    ]);
  }

  /**
   * @throws Refusal BREAK_GLASS_TARGET; NOT_FOUND for a row that is not in the area, or not to be read; BAD_USER_INPUT for a value that its
   *   table would not take; ROW_OUT_OF_REACH
   */
  async request({ target, area, reason, evidenceSha256, ...row }: BreakGlassInput): Promise<BreakGlass> {
    const [key, changes] = [columns(row.key), columns(row.changes)].map((values) => JSON.stringify(values));
    const [checked] = await this.#session.rows<{ fault: string | null }>(
      'select corrections.break_glass_fault($1, $2, $3, $4) as fault',
      [target, key, changes, area],
    );
    if (checked?.fault) throw new Refusal('BREAK_GLASS_TARGET', { message: `${checked.fault}.` });
    const id = newId('brk');
    await this.#write(
      `insert into corrections.break_glass (id, target, key, changes, area, reason, evidence_sha256)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, target, key, changes, area, reason, evidenceSha256 ?? null],
    ).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== NO_SUCH_ROW) throw error;
      throw new Refusal('NOT_FOUND', {
        message: `There is no such row of ${target} in ${area}.`,
        remedy: 'Check the key, name the area in which the row lies, and that you may read it.',
      });
    });
    return this.#add(id, 'REQUESTED', null);
  }

  /** @throws Refusal FOUR_EYES to who asked or has approved before; WRONG_STATE, NOT_FOUND, ROW_OUT_OF_REACH */
  async approve({ id, note }: DecisionArguments): Promise<BreakGlass> {
    await this.#toDecide(id);
    return this.#add(id, 'APPROVED', note ?? null);
  }

  /** @throws Refusal BAD_USER_INPUT without a note, and as {@link approve} */
  async reject({ id, note }: DecisionArguments): Promise<BreakGlass> {
    if (!note?.trim()) throw new Refusal('BAD_USER_INPUT', { message: 'note: say why it is rejected.' });
    await this.#toDecide(id);
    return this.#add(id, 'REJECTED', note);
  }

  /** @throws Refusal ROW_OUT_OF_REACH to others than who asked; WRONG_STATE, NOT_FOUND */
  async withdraw({ id, note }: DecisionArguments): Promise<BreakGlass> {
    const { requestedBy } = await this.#open(id, [...UNDECIDED, 'READY']);
    if (requestedBy !== this.#caller)
      throw new Refusal('ROW_OUT_OF_REACH', {
        message: 'Only the tenant that asked withdraws it.',
        remedy: `Ask ${requestedBy} to withdraw it, or reject it as an approver.`,
      });
    return this.#add(id, 'WITHDRAWN', note ?? null);
  }

  get #caller(): string {
    return this.#session.grant.caller.tenant;
  }

  /** Two approve, and neither is who asked. */
  async #toDecide(id: string): Promise<void> {
    const { target, before } = await this.#open(id, UNDECIDED);
    if (!before) throw unseen(categoryOfTable(target));
    const actors = (await this.eventsOf.load(id)).map(({ actor }) => actor);
    if (actors.includes(this.#caller))
      throw new Refusal('FOUR_EYES', {
        rule: 'break-glass/two-others',
        remedy: 'Two other tenants decide it.',
      });
  }

  /** The request, which nobody else decides until this transaction ends. */
  async #open(id: string, states: string[]): Promise<BreakGlass> {
    await this.#session.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
    const found = await this.byId.load(id);
    if (!found) throw new Refusal('NOT_FOUND', { message: `No request ${id} for you.` });
    if (!states.includes(found.state))
      throw new Refusal('WRONG_STATE', { message: `The request is ${found.state}.` });
    if (Date.parse(found.expiresAt) <= Date.now())
      throw new Refusal('WRONG_STATE', { message: 'The request has expired.' });
    return found;
  }

  async #add(id: string, kind: string, note: string | null): Promise<BreakGlass> {
    await this.#write(
      'insert into corrections.break_glass_event (break_glass, kind, note) values ($1, $2, $3)',
      [id, kind, note],
    );
    // What was read to decide it is no longer all.
    this.byId.clear(id);
    this.eventsOf.clear(id);
    const sql = 'select * from corrections.visible_break_glass where id = $1';
    const [row] = await this.#session.entities(BreakGlass, sql, [id]);
    return row!;
  }

  async #write(sql: string, parameters: unknown[]): Promise<void> {
    await this.#session.rows(sql, parameters).catch((error: unknown) => {
      throw asRefusal(error);
    });
  }
}

/** @throws Refusal BAD_USER_INPUT for a column named twice. */
function columns(inputs: ColumnInput[]): Record<string, string | null> {
  const values = Object.fromEntries(inputs.map(({ column, value }) => [column, value ?? null]));
  if (Object.keys(values).length === inputs.length) return values;
  throw new Refusal('BAD_USER_INPUT', { message: 'A column is named twice.' });
}

import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { isCategory } from '../../../gateway/policy/categories.js';
import { isPurpose } from '../../../gateway/policy/purposes.js';
import { newId } from '../../runtime/ids.js';
import type { Page } from '../../runtime/lists.js';
import { inOrder, page } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { upsert } from '../../runtime/upsert.js';
import { Consent } from './entities.js';
import type { ConsentInput, ConsentsArguments } from './inputs.js';
import { mustLieWhereSaid } from './subjects.js';

export class ConsentRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Consent | null>(async (ids) => {
    const rows = await this.#session.em.find(Consent, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (consent) => consent.id);
  });

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

  /** @throws Refusal ROW_OUT_OF_REACH, SCOPE_MISSING, BAD_USER_INPUT for a subject that is not the caller's to speak for. */
  async recordConsents(inputs: ConsentInput[]): Promise<Consent[]> {
    const grantedBy = this.#session.grant.caller.tenant;
    const rows = inputs.map((input) => {
      if (!isPurpose(input.purpose)) {
        const message = `${input.purpose} is not in the closed list of purposes.`;
        throw new Refusal('PURPOSE_UNKNOWN', { message });
      }
      const unknown = input.categories.find((category) => !isCategory(category));
      if (unknown) throw new Refusal('BAD_USER_INPUT', { message: `${unknown} is no category.` });
      return { ...input, evidenceSha256: input.evidenceSha256 ?? null, id: newId('con'), grantedBy };
    });
    await mustLieWhereSaid(this.#session, inputs);
    return upsert(this.#session, Consent, rows, 'id');
  }

  async revokeConsent(id: string): Promise<Consent> {
    const [revoked] = await this.#session.entities(
      Consent,
      `update tenants.consent set status = 'REVOKED', revoked_at = now() where id = $1 and status = 'GRANTED' returning *`,
      [id],
    );
    if (!revoked) throw new Refusal('NOT_FOUND', { message: 'No such open consent in your reach.' });
    return revoked;
  }
}

import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { isBasis, isPurpose } from '../../../gateway/policy/purposes.js';
import { newId } from '../../runtime/ids.js';
import type { Page } from '../../runtime/lists.js';
import { page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { add } from '../../runtime/upsert.js';
import { PurposeDeclaration, PurposeEvent } from './entities.js';
import type { PurposeDeclarationInput, PurposeDeclarationsArguments } from './inputs.js';
import { actorsFor, type DeclarationStep } from './transitions.js';

export class PurposeRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, PurposeDeclaration | null>(
    async (ids) => {
      const rows = await this.#session.em.find(PurposeDeclaration, { id: { $in: [...ids] } });
      return ids.map((id) => rows.find((row) => row.id === id) ?? null);
    },
    // A decision changes what a mutation read before it.
    { cache: false },
  );
  readonly events = new DataLoader<string, PurposeEvent[]>(async (declarations) => {
    const declaration = { $in: [...declarations] };
    const rows = await this.#session.em.find(PurposeEvent, { declaration }, { orderBy: { id: 'asc' } });
    const of = Map.groupBy(rows, (row) => row.declaration);
    return declarations.map((id) => of.get(id) ?? []);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list({ tenant, status, ...request }: PurposeDeclarationsArguments): Promise<Page<PurposeDeclaration>> {
    return page(this.#session, PurposeDeclaration, request, { by: ['id'] }, [
      { property: 'tenant', is: '=', value: tenant },
      { property: 'status', is: '=', value: status },
    ]);
  }

  /** @throws Refusal PURPOSE_UNKNOWN, BAD_USER_INPUT, ROW_OUT_OF_REACH for a tenant that is not the caller's to speak for. */
  async declare(inputs: PurposeDeclarationInput[]): Promise<PurposeDeclaration[]> {
    const caller = this.#session.grant.caller.tenant;
    const rows = inputs.map((input) => {
      mustBeListed(input);
      return {
        id: newId('dec'),
        tenant: input.tenant ?? caller,
        purpose: input.purpose,
        basis: input.basis,
        basisText: input.basisText,
        documentSha256: input.documentSha256 ?? null,
        // The table's trigger begins it now where nothing is said.
        validFrom: input.validFrom as string,
        validTo: input.validTo ?? null,
        declaredBy: caller,
      };
    });
    return add(this.#session, PurposeDeclaration, rows);
  }

  /** @throws Refusal NOT_FOUND, FOUR_EYES, WRONG_STATE */
  approve(id: string): Promise<PurposeDeclaration> {
    return this.#decide(id, 'APPROVED', null);
  }

  /** @throws Refusal NOT_FOUND, FOUR_EYES, WRONG_STATE, BAD_USER_INPUT without a reason */
  refuse(id: string, reason: string): Promise<PurposeDeclaration> {
    return this.#decide(id, 'REFUSED', reason);
  }

  /** By the tenant itself or by who may approve. @throws Refusal NOT_FOUND, WRONG_STATE, ROW_OUT_OF_REACH */
  end(id: string, reason: string): Promise<PurposeDeclaration> {
    return this.#decide(id, 'ENDED', reason);
  }

  async #decide(id: string, kind: DeclarationStep, reason: string | null): Promise<PurposeDeclaration> {
    const caller = this.#session.grant.caller.tenant;
    const declaration = await this.byId.load(id);
    if (!declaration) throw new Refusal('NOT_FOUND', { message: 'No such declaration in your reach.' });
    const { tenant, status } = declaration;
    const actors = actorsFor(status, kind);
    if (!actors)
      throw new Refusal('WRONG_STATE', { message: `${id} is ${status}; it cannot become ${kind}.` });
    if (tenant === caller && !actors.includes('TENANT')) {
      throw new Refusal('FOUR_EYES', {
        rule: 'purpose/four-eyes',
        message: 'A tenant does not decide its own declaration.',
      });
    }
    await this.#session
      .rows('insert into tenants.purpose_event (declaration, kind, by, reason) values ($1, $2, $3, $4)', [
        id,
        kind,
        caller,
        reason,
      ])
      .catch((error: unknown) => {
        throw asRefusal(error);
      });
    return this.#session.em.refresh(declaration) as Promise<PurposeDeclaration>;
  }
}

function mustBeListed({ purpose, basis }: PurposeDeclarationInput): void {
  if (!isPurpose(purpose)) {
    throw new Refusal('PURPOSE_UNKNOWN', { message: `${purpose} is not in the closed list of purposes.` });
  }
  if (!isBasis(basis))
    throw new Refusal('BAD_USER_INPUT', { message: `${basis} is no kind of legal basis.` });
}

import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { page, pages, PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { add } from '../../runtime/upsert.js';
import { PurposeDeclaration } from '../purposes/entities.js';
import type { TenantRepository } from '../repository.js';
import { mustAdminister } from './admins.js';
import { Scope } from './entities.js';
import type { ScopeChange, ScopeInput, ScopesArguments } from './inputs.js';
import { mustBeScope } from './terms.js';

const BY_ID = { by: ['id' as const] };

export class ScopeRepository {
  readonly #session: Session;
  readonly #tenants: TenantRepository;

  readonly of = new PagesLoader<PageArguments, Page<Scope>>((tenants, request) =>
    pages(this.#session, Scope, { property: 'tenant', keys: tenants }, request, BY_ID),
  );

  constructor(session: Session, tenants: TenantRepository) {
    this.#session = session;
    this.#tenants = tenants;
  }

  list({ tenant, ...request }: ScopesArguments): Promise<Page<Scope>> {
    return page(this.#session, Scope, request, BY_ID, [{ property: 'tenant', is: '=', value: tenant }]);
  }

  /**
   * @throws Refusal BAD_USER_INPUT, PURPOSE_UNKNOWN for what is in no list; FOUR_EYES, ROW_OUT_OF_REACH for a tenant or
   * an area that is not the caller's to administer; PURPOSE_NOT_DECLARED for a purpose that the tenant has not declared.
   */
  async addScopes(inputs: ScopeInput[]): Promise<Scope[]> {
    for (const input of inputs) {
      mustBeScope(input);
      mustAdminister(this.#session.grant, await this.#tenants.visible(input.tenant), input.area);
    }
    await this.#mustBeDeclared(inputs);
    return this.#add(inputs.map((input) => ({ ...input, replaces: null })));
  }

  /** The old scope ends at the instant at which the new one begins. @throws Refusal as {@link addScopes}, NOT_FOUND */
  async changeScope(id: string, change: ScopeChange): Promise<Scope> {
    const { tenant, category, action, ...old } = await this.#open(id);
    const changed: ScopeInput = {
      tenant,
      category,
      action,
      area: change.area ?? old.area,
      purposes: change.purposes ?? old.purposes,
      energyKinds: change.energyKinds === undefined ? old.energyKinds : change.energyKinds,
      buildingTypes: change.buildingTypes === undefined ? old.buildingTypes : change.buildingTypes,
      validTo: change.validTo === undefined ? old.validTo : change.validTo,
    };
    mustBeScope(changed);
    mustAdminister(this.#session.grant, await this.#tenants.visible(tenant), changed.area);
    await this.#mustBeDeclared([changed]);
    await this.#end(id);
    const [added] = await this.#add([{ ...changed, replaces: id }]);
    return added!;
  }

  /** @throws Refusal NOT_FOUND, FOUR_EYES, ROW_OUT_OF_REACH */
  async endScope(id: string): Promise<Scope> {
    await this.#open(id);
    return this.#end(id);
  }

  /** A scope that has not ended and is the caller's to end. */
  async #open(id: string): Promise<Scope> {
    const scope = await this.#session.em.findOne(Scope, { id });
    const isOver = scope?.validTo && Date.parse(scope.validTo) <= Date.now();
    if (!scope || isOver) throw nowhere();
    mustAdminister(this.#session.grant, await this.#tenants.visible(scope.tenant), scope.area);
    return scope;
  }

  async #end(id: string): Promise<Scope> {
    const [ended] = await this.#session.entities(
      Scope,
      `update tenants.scope set valid_to = now(), ended_by = $2
       where id = $1 and (valid_to is null or valid_to > now()) returning *`,
      [id, this.#session.grant.caller.tenant],
    );
    if (!ended) throw nowhere();
    return ended;
  }

  #add(inputs: (ScopeInput & { replaces: string | null })[]): Promise<Scope[]> {
    const setBy = this.#session.grant.caller.tenant;
    const rows = inputs.map((input) => ({
      id: newId('scp'),
      tenant: input.tenant,
      category: input.category,
      action: input.action,
      area: input.area,
      energyKinds: input.energyKinds ?? null,
      buildingTypes: input.buildingTypes ?? null,
      purposes: input.purposes,
      // The table's trigger begins it now where nothing is said.
      validFrom: input.validFrom as string,
      validTo: input.validTo ?? null,
      replaces: input.replaces,
      setBy,
    }));
    return add(this.#session, Scope, rows);
  }

  /** A scope serves purposes that its tenant has declared and that nobody has refused or ended (seed 000, article 12). */
  async #mustBeDeclared(inputs: ScopeInput[]): Promise<void> {
    const tenants = [...new Set(inputs.map(({ tenant }) => tenant))];
    const declarations = await this.#session.em.find(PurposeDeclaration, {
      tenant: { $in: tenants },
      status: { $in: ['DECLARED', 'APPROVED'] },
    });
    const now = Date.now();
    const standing = new Set(
      declarations
        .filter(({ validTo }) => validTo === null || now < Date.parse(validTo))
        .map(({ tenant, purpose }) => `${tenant} ${purpose}`),
    );
    for (const { tenant, purposes } of inputs) {
      const missing = purposes.find((purpose) => !standing.has(`${tenant} ${purpose}`));
      if (!missing) continue;
      throw new Refusal('PURPOSE_NOT_DECLARED', {
        rule: 'scope/purpose-declared',
        message: `${tenant} has not declared ${missing}.`,
      });
    }
  }
}

function nowhere(): Refusal {
  return new Refusal('NOT_FOUND', { message: 'No such valid scope in your reach.' });
}

import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix, isAreaCode } from '../../gateway/policy/areas.js';
import type { Page, PageArguments } from '../runtime/lists.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import { EarlierEnterprise, Enterprise } from './entities.js';
import type { EnterpriseInput, EnterprisesArguments } from './inputs.js';
import { isUscc } from '../runtime/uscc.js';

const LATEST_FIRST = { by: ['number' as const], descending: true };

export class EnterpriseRepository {
  readonly #session: Session;

  /** Batches every enterprise asked for in one tick into one query; an unseen one is null, as if absent. */
  readonly byUscc = new DataLoader<string, Enterprise | null>(async (codes) => {
    const rows = await this.#session.em.find(Enterprise, { uscc: { $in: [...codes] } });
    return inOrder(codes, rows, (enterprise) => enterprise.uscc);
  });

  /** What it was registered as before, the last first. */
  readonly earlierOf = new PagesLoader<PageArguments, Page<EarlierEnterprise>>((keys, request) =>
    pages(this.#session, EarlierEnterprise, { property: 'key', keys }, request, LATEST_FIRST),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({ area, industry, unitClass, ...request }: EnterprisesArguments): Promise<Page<Enterprise>> {
    return page(this.#session, Enterprise, request, { by: ['uscc'] }, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'industry', is: 'starts with', value: industry },
      { property: 'unitClass', is: '=', value: unitClass },
    ]);
  }

  /**
   * Adds enterprises or changes those with the same code, all or none. What is left out stays as it is, null clears it.
   *
   * @throws Refusal BAD_USER_INPUT for a code whose check character is wrong (GB 32100-2015); ROW_OUT_OF_REACH
   */
  async register(inputs: EnterpriseInput[]): Promise<Enterprise[]> {
    const platform = this.#session.grant.caller.tenant;
    return upsert(
      this.#session,
      Enterprise,
      inputs.map((input) => checked(input, platform)),
      'uscc',
    );
  }
}

function checked(input: EnterpriseInput, platform: string): Partial<Enterprise> {
  if (!isUscc(input.uscc)) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `${input.uscc} is not a unified social credit code: its check character or form is wrong (GB 32100-2015).`,
    });
  }
  if (!isAreaCode(input.area))
    throw new Refusal('BAD_USER_INPUT', { message: `${input.uscc}: area is not a GB/T 2260 code.` });
  return {
    uscc: input.uscc,
    name: input.name,
    area: input.area,
    industry: input.industry,
    unitClass: input.unitClass,
    annualTce: input.annualTce,
    platform,
  };
}

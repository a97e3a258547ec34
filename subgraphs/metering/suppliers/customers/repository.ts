import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import { newId } from '../../../runtime/ids.js';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  type Page,
  pageOf,
  type PageArguments,
} from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { CANDIDATES } from './candidates.js';
import { type CustomerCandidate, CustomerLink } from './entities.js';
import type { CustomerCandidatesArguments, CustomerLinkInput, CustomerLinksArguments } from './inputs.js';

const BY_CUSTOMER = { by: ['supplier' as const, 'customer' as const, 'id' as const] };
const MOST_METERS = 100;
const CANDIDATE_KEY = ['supplier', 'customer', 'energyItem', 'supplierMeter', 'meterId'] as const;

const LINK = `
  insert into metering.customer_link (id, meter, supplier, customer, energy_item, valid_from, valid_to)
  select id, meter, $3, $4, $5, $6::date, $7::date from unnest($1::text[], $2::text[]) as linked (id, meter)
  returning *`;

/** What a constraint of the links holds, in words. */
const CONFLICTS: Readonly<Record<string, [message: string, remedy: string]>> = {
  one_customer_a_meter: [
    'The meter stands for another customer number of the supplier and energy item in that time.',
    'End that link first (endCustomerLink), or choose another period.',
  ],
  one_owner_a_customer: [
    'The customer number stands for a meter of another enterprise in that time.',
    'A customer is one enterprise; end the other link first (endCustomerLink).',
  ],
};

export class CustomerRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  links(args: CustomerLinksArguments): Promise<Page<CustomerLink>> {
    const { area, supplier, customer, meterId, isConfirmed, ...request } = args;
    return page(this.#session, CustomerLink, request, BY_CUSTOMER, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'supplier', is: '=', value: supplier },
      { property: 'customer', is: '=', value: customer },
      { property: 'meter', is: '=', value: meterId },
      { property: 'isConfirmed', is: '=', value: isConfirmed },
    ]);
  }

  async candidates(args: CustomerCandidatesArguments): Promise<Page<CustomerCandidate>> {
    const { area, supplier, first, after } = args;
    const rows = await this.#session.rows<CustomerCandidate & { subject: string; area: string }>(CANDIDATES, [
      area ? areaPrefix(area) : '',
      supplier ?? null,
      checkedFirst(first) + 1,
      ...candidateCursor(after),
    ]);
    for (const row of rows.slice(0, first))
      this.#session.disclosed({ category: 'meters', subject: row.subject, area: row.area, values: 1 });
    return pageOf(rows, first, (row) =>
      encodeCursor(
        'CustomerCandidate',
        CANDIDATE_KEY.map((key) => row[key]),
      ),
    );
  }

  /**
   * Links a customer number to meters, all or none. What a platform of the area says is confirmed by that; what the
   * enterprise says itself waits for it.
   *
   * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT, CONFLICT
   */
  async link({ meters, energyItem, validTo, ...said }: CustomerLinkInput): Promise<CustomerLink[]> {
    if (meters.length < 1 || meters.length > MOST_METERS)
      throw new Refusal('BAD_USER_INPUT', { message: `meters: 1 to ${MOST_METERS}, were ${meters.length}.` });
    const item = energyItem ?? (await this.#totalOf(meters));
    const { supplier, customer, validFrom } = said;
    const ids = meters.map(() => newId('lnk'));
    return this.#inWords(() =>
      this.#session.entities(CustomerLink, LINK, [
        ids,
        meters,
        supplier,
        customer,
        item,
        validFrom,
        validTo ?? null,
      ]),
    );
  }

  /** @throws Refusal NOT_FOUND, ROW_OUT_OF_REACH, CONFLICT */
  confirm(id: string): Promise<CustomerLink> {
    return this.#change('is_confirmed = true', [id]);
  }

  /** @throws Refusal NOT_FOUND, WRONG_STATE, BAD_USER_INPUT */
  end(id: string, validTo: string): Promise<CustomerLink> {
    return this.#change('valid_to = $2::date', [id, validTo]);
  }

  async #change(what: string, parameters: string[]): Promise<CustomerLink> {
    const [row] = await this.#inWords(() =>
      this.#session.entities(
        CustomerLink,
        `update metering.customer_link set ${what} where id = $1 returning *`,
        parameters,
      ),
    );
    if (row) return row;
    throw new Refusal('NOT_FOUND', { message: `No link ${parameters[0]} is in your reach.` });
  }

  /** The whole of the energy that the meters measure. */
  async #totalOf(meters: string[]): Promise<string> {
    const rows = await this.#session.rows<{ energy: string }>(
      'select distinct left(energy_item, 2) as energy from metering.meter where id = any($1)',
      [meters],
    );
    if (rows.length === 1) return `${rows[0]!.energy}000`;
    const message =
      rows.length > 1 ? 'The meters are of several energies.' : 'The meters are not among yours.';
    throw new Refusal('BAD_USER_INPUT', {
      message,
      remedy: 'Say energyItem, and name meters of that energy that you see.',
    });
  }

  async #inWords<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const [message, remedy] = CONFLICTS[constraintOf(error)] ?? [];
      if (message && remedy) throw new Refusal('CONFLICT', { message, remedy });
      throw asRefusal(error);
    }
  }
}

/** Of what PostgreSQL refused, also where the runtime has put it into a refusal. */
function constraintOf(error: unknown): string {
  return (error as { constraint?: string }).constraint ?? '';
}

function candidateCursor(after: PageArguments['after']): (string | number | null)[] {
  if (typeof after !== 'string') return CANDIDATE_KEY.map(() => null);
  return decodeCursor(after, 'CustomerCandidate', CANDIDATE_KEY.length);
}

import { Refusal } from '../errors.js';
import type { Stage } from '../policy/grant.js';
import { allowanceOf, type BudgetSettings, type DemandClass } from './allowance.js';

export interface Tenant {
  stage: Stage;
  tenant: string;
}

export interface Exchange extends Tenant {
  of: DemandClass;
  /** Given back; below 0 what was used beyond what was held. */
  given: number;
  wanted: number;
  capacity: number;
  aSecond: number;
}

export interface BudgetOptions {
  settings: BudgetSettings;
  /** At the budgets that all gateways share; resolves with what was granted of what is wanted. */
  exchange: (exchange: Exchange) => Promise<number>;
  fault: (error: unknown, where: string) => unknown;
}

/** What an operation was let in for; told what it came to, the rest goes back. */
export interface Charge {
  /** @param readingMs that the thread of all tenants took to read or plan something new */
  settle(cost: number, readingMs?: number): void;
}

/** What this gateway holds of one budget. */
interface Account extends Tenant {
  of: DemandClass;
  lease: number;
  usedAt: number;
  /** Charges that are not settled yet. */
  open: number;
  taking?: Promise<void> | undefined;
  /** Nothing more is there to take before. */
  emptyUntil: number;
}

/** Of reading and planning in a minute, a whole budget: no tenant has more of the thread that all share, however large its budget is. */
const READING_MS = 10_000;
const FREE: Charge = { settle: () => undefined };
/** Before the shared budget is asked again: other gateways may have given back what they held. */
const EMPTY_MS = 1_000;
const SWEEP_MS = 5_000;
const IDLE_MS = 10_000;

/**
 * A budget a tenant and class: a bucket of one minute's objects that fills steadily. Several gateways share it by taking
 * a second's worth at a time ahead of need, so that no request waits for the database as long as there is enough.
 */
export class Budgets {
  readonly #options: BudgetOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#sweeping = setInterval(() => void this.#giveBack(Date.now() - IDLE_MS), SWEEP_MS);
    this.#sweeping.unref();
  }

  /** @throws Refusal BUDGET_SPENT */
  async charge({ stage, tenant }: Tenant, of: DemandClass, estimate: number): Promise<Charge> {
    const capacity = allowanceOf(this.#options.settings, of, Date.now());
    if (capacity === 0) return FREE;
    const account = this.#account({ stage, tenant }, of);
    // Two gateways may hold the halves of a budget, and whatever the limits allow must be possible some time.
    const price = Math.min(1 + estimate, capacity / 2);
    await this.#pay(account, price, capacity);
    account.open += 1;
    account.usedAt = Date.now();
    if (account.lease < capacity / 120 && account.taking === undefined && Date.now() >= account.emptyUntil)
      void this.#take(account, 0, capacity);
    return settling(account, price, capacity);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#accounts.values()].map(({ taking }) => taking));
    await this.#giveBack(Infinity);
  }

  #account({ stage, tenant }: Tenant, of: DemandClass): Account {
    const key = `${stage} ${tenant} ${of}`;
    const known = this.#accounts.get(key);
    if (known) return known;
    const account: Account = { stage, tenant, of, lease: 0, usedAt: Date.now(), open: 0, emptyUntil: 0 };
    this.#accounts.set(key, account);
    return account;
  }

  /** Looks and takes in one go: others of the same account wait for the same exchange. */
  async #pay(account: Account, price: number, capacity: number): Promise<void> {
    while (account.lease < price) {
      if (Date.now() < account.emptyUntil) throw spent(account, price, capacity);
      await (account.taking ?? this.#take(account, price, capacity));
    }
    account.lease -= price;
  }

  #take(account: Account, price: number, capacity: number): Promise<void> {
    const taking = this.#taken(account, price, capacity);
    account.taking = taking;
    return taking;
  }

  /** Never throws: where the database cannot be asked, the ledger in it refuses what follows. */
  async #taken(account: Account, price: number, capacity: number): Promise<void> {
    const { stage, tenant, of } = account;
    const aSecond = capacity / 60;
    const wanted = Math.max(0, price - account.lease) + aSecond;
    const asked = { stage, tenant, of, given: 0, wanted, capacity, aSecond };
    const granted = await this.#options.exchange(asked).catch((error: unknown) => {
      this.#options.fault(error, 'budget');
      return wanted;
    });
    account.lease += granted;
    account.taking = undefined;
    if (granted >= wanted) return;
    const untilEnough = (Math.max(1, price - account.lease) / aSecond) * 1_000;
    account.emptyUntil = Date.now() + Math.min(EMPTY_MS, untilEnough);
  }

  /** Whatever is held of budgets that nobody has used since; debts too. */
  async #giveBack(before: number): Promise<void> {
    const { exchange, settings, fault } = this.#options;
    const isIdle = ({ usedAt, open, taking }: Account): boolean => usedAt <= before && !open && !taking;
    const idle = [...this.#accounts].filter(([, account]) => isIdle(account));
    for (const [key] of idle) this.#accounts.delete(key);
    await Promise.all(
      idle.map(async ([, { stage, tenant, of, lease }]) => {
        const capacity = allowanceOf(settings, of, Date.now());
        const given = { stage, tenant, of, given: lease, wanted: 0, capacity, aSecond: capacity / 60 };
        if (capacity > 0) await exchange(given).catch((error: unknown) => fault(error, 'budget'));
      }),
    );
  }
}

function settling(account: Account, price: number, capacity: number): Charge {
  let isSettled = false;
  return {
    settle: (cost, readingMs = 0) => {
      if (isSettled) return;
      isSettled = true;
      account.open -= 1;
      account.lease += price - (1 + cost) - (readingMs / READING_MS) * capacity;
    },
  };
}

function spent({ of, lease }: Account, price: number, capacity: number): Refusal {
  const seconds = Math.ceil(((price - lease) / capacity) * 60);
  return new Refusal('BUDGET_SPENT', {
    message: `The tenant’s budget of ${capacity} objects a minute (${of}) is spent.`,
    rule: 'demand/budget',
    retryAfter: Math.max(1, seconds),
  });
}

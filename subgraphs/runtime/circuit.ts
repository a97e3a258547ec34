import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleType,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { NoAnswer } from './calling.js';

/** So many calls in a row without an answer, and the room counts as out. */
const FAILURES = 5;
/** Then it is asked whether it is there, not before so long. */
const REST_MS = 2_000;

/** The room is out: nothing was sent. */
export class RoomOut extends Error {}

/**
 * A room that does not answer is left alone: calls fail at once until it says again that it is there. It is asked that
 * by a call of its own, never by making somebody's request try.
 */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy;
  readonly #isThere: () => Promise<boolean>;

  /** @param onChange told when the room goes out and when it is back */
  constructor(isThere: () => Promise<boolean>, onChange: (isOut: boolean) => void = () => undefined) {
    this.#isThere = isThere;
    this.#policy = circuitBreaker(handleType(NoAnswer), {
      halfOpenAfter: REST_MS,
      breaker: new ConsecutiveBreaker(FAILURES),
    });
    let isOut = false;
    this.#policy.onStateChange((state) => {
      if (state === CircuitState.HalfOpen || isOut === (state === CircuitState.Open)) return;
      isOut = state === CircuitState.Open;
      onChange(isOut);
    });
  }

  /** @throws RoomOut, or what `call` throws: of that NoAnswer counts */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#policy.state === CircuitState.HalfOpen) throw new RoomOut();
    try {
      if (this.#policy.state === CircuitState.Open) await this.#policy.execute(() => this.#probe());
      return await this.#policy.execute(call);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new RoomOut();
      throw error;
    }
  }

  async #probe(): Promise<void> {
    if (!(await this.#isThere())) throw new NoAnswer('it is still silent', false);
  }
}

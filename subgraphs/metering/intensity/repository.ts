import DataLoader from 'dataloader';
import type { Session } from '../../runtime/session.js';

interface Quotient {
  dividend: string;
  times: number;
  divisor: string;
}

/** Divides exact decimals; the last place is rounded half away from zero. */
export class QuotientRepository {
  readonly #session: Session;

  readonly #quotients = new DataLoader<Quotient, string>(
    async (quotients) => {
      const rows = await this.#session.rows<{ quotient: string }>(
        `select trim_scale(round(dividend * times * 1.000000000000000000 / divisor, 9))::text as quotient
         from unnest($1::numeric[], $2::numeric[], $3::numeric[]) with ordinality
           as asked (dividend, times, divisor, place) order by place`,
        [
          quotients.map(({ dividend }) => dividend),
          quotients.map(({ times }) => times),
          quotients.map(({ divisor }) => divisor),
        ],
      );
      return rows.map(({ quotient }) => quotient);
    },
    { cache: false },
  );

  constructor(session: Session) {
    this.#session = session;
  }

  /** `dividend × times ÷ divisor`; nothing is divided by nothing: whoever asks has looked. */
  of(dividend: string, divisor: string | number, times = 1): Promise<string> {
    return this.#quotients.load({ dividend, times, divisor: String(divisor) });
  }
}

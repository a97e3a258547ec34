import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import type { Session } from '../../../runtime/session.js';
import type { ReplayArguments } from '../inputs.js';
import { type Ask, ingestSettings, StoredJudge, type StoredToJudge } from '../judging/judge-stored.js';
import type { QualityReplay } from './entities.js';

const MOST_DAYS = 366;
/** Judged in one request; a wider question is refused with how to narrow it. */
const MOST_METER_DAYS = 50_000;
const AT_ONCE = 2_000;
const MOST_EXAMPLES = 20;
const DAY_MILLISECONDS = 86_400_000;

interface Replayed extends StoredToJudge {
  area: string;
  subject: string;
  /** Of the day as the nightly pass judged it; null where it has not. */
  due: number | null;
  present: number | null;
  on_time: number | null;
}

/** What a rule that compares days with others finds, by both editions. */
interface Compared {
  meter: string;
  date: string;
  rule: string;
  by_adopted: boolean;
  by_draft: boolean;
}

/** The rules over whole days that need nothing but a day's counts. */
interface DayRules {
  COMPLETENESS: number;
  TIMELINESS: number;
}

/** Judges history by the edition in force and by a draft, side by side, as ingest and the night would. */
export class ReplayRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws Refusal BAD_USER_INPUT, QUERY_TOO_WIDE */
  async replay({ edition, from, to, area }: ReplayArguments): Promise<QualityReplay> {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS + 1;
    if (days < 1 || days > MOST_DAYS)
      throw new Refusal('BAD_USER_INPUT', {
        message: `to: 1 to ${MOST_DAYS} days from the first, were ${days}.`,
      });
    const ask: Ask = (sql, parameters) => this.#session.rows(sql, parameters);
    const [known] = await ask<{ status: string }>(
      'select status from metering.quality_edition where number = $1::bigint',
      [edition],
    );
    if (!known) throw new Refusal('NOT_FOUND', { message: `There is no edition ${edition}.` });
    const comparison = new Comparison(await judgeOf(ask, null), await judgeOf(ask, edition));
    const prefix = area ? areaPrefix(area) : '';
    let after: [string, string] = [from, ''];
    for (;;) {
      const rows = await ask<Replayed>('select * from metering.days_to_replay($1, $2, $3, $4, $5)', [
        ...after,
        to,
        prefix,
        AT_ONCE,
      ]);
      const compared = await this.#compared(rows, comparison);
      for (const row of rows) this.#take(comparison, row, compared.get(`${row.date} ${row.meter}`));
      if (rows.length < AT_ONCE) return comparison.outcome();
      if (comparison.meterDays >= MOST_METER_DAYS)
        throw new Refusal('QUERY_TOO_WIDE', {
          message: `More than ${MOST_METER_DAYS} days of meters lie between ${from} and ${to}.`,
          remedy: 'Ask for fewer days or a smaller area.',
        });
      const last = rows.at(-1)!;
      after = [last.date, last.meter];
    }
  }

  /** By day and meter. */
  async #compared(rows: Replayed[], { editions }: Comparison): Promise<Map<string, Compared[]>> {
    const compared = await this.#session.rows<Compared>(
      'select * from metering.comparisons_to_replay($1, $2, $3, $4)',
      [rows.map(({ meter }) => meter), rows.map(({ date }) => date), ...editions],
    );
    return Map.groupBy(compared, ({ date, meter }) => `${date} ${meter}`);
  }

  #take(comparison: Comparison, row: Replayed, compared: Compared[] = []): void {
    comparison.take(row, compared);
    const { subject, area } = row;
    this.#session.disclosed({ category: 'quality', subject, area, values: 1 });
  }
}

interface Judge {
  edition: number;
  values: StoredJudge;
  days: DayRules;
}

async function judgeOf(ask: Ask, edition: number | null): Promise<Judge> {
  const settings = await ingestSettings(ask, edition);
  const rows = await ask<{ rule: keyof DayRules; value: string }>(
    `select rule, value::text from metering.quality_value where edition = $1 and name = 'least'`,
    [settings.edition],
  );
  const days = Object.fromEntries(
    rows.map(({ rule, value }) => [rule, Number(value)]),
  ) as unknown as DayRules;
  return { edition: settings.edition, values: new StoredJudge(settings), days };
}

function rulesOf({ values, days }: Judge, row: Replayed): Set<string> {
  // What is usual is of the days before each day, which are compared where they are stored.
  const found = values.judge({ ...row, usual_per_hour: null }).found;
  const rules = new Set<string>(found.map(({ rule }) => rule));
  const { due, present, on_time: onTime } = row;
  if (due === null || present === null || onTime === null) return rules;
  if (present * 100 < due * days.COMPLETENESS) rules.add('COMPLETENESS');
  if (onTime < present && onTime * 100 < due * days.TIMELINESS) rules.add('TIMELINESS');
  return rules;
}

class Comparison {
  meterDays = 0;
  readonly #adopted: Judge;
  readonly #draft: Judge;
  readonly #counts = new Map<string, { adopted: number; draft: number }>();
  readonly #examples: QualityReplay['examples'] = [];

  constructor(adopted: Judge, draft: Judge) {
    this.#adopted = adopted;
    this.#draft = draft;
  }

  /** In force, and draft. */
  get editions(): [number, number] {
    return [this.#adopted.edition, this.#draft.edition];
  }

  take(row: Replayed, compared: Compared[]): void {
    this.meterDays++;
    const [old, now] = [rulesOf(this.#adopted, row), rulesOf(this.#draft, row)];
    for (const { rule, by_adopted: byAdopted, by_draft: byDraft } of compared) {
      if (byAdopted) old.add(rule);
      if (byDraft) now.add(rule);
    }
    for (const rule of new Set([...old, ...now])) {
      const count = this.#counts.get(rule) ?? { adopted: 0, draft: 0 };
      this.#counts.set(rule, count);
      if (old.has(rule)) count.adopted++;
      if (now.has(rule)) count.draft++;
      if (old.has(rule) !== now.has(rule) && this.#examples.length < MOST_EXAMPLES)
        this.#examples.push({ meterId: row.meter, date: row.date, rule, isNew: now.has(rule) });
    }
  }

  outcome(): QualityReplay {
    const rules = [...this.#counts].map(([rule, count]) => ({ rule, ...count }));
    return {
      adopted: this.#adopted.edition,
      draft: this.#draft.edition,
      meterDays: this.meterDays,
      rules: rules.toSorted((one, other) => (one.rule < other.rule ? -1 : 1)),
      examples: this.#examples,
    };
  }
}

import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { type Condition, page } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { checkCounts } from '../rollups/whole-number.js';
import { Finding, FindingCount, QualityEdition, QualityParameter, QualityRule } from './entities.js';
import type {
  FindingCountsArguments,
  FindingsArguments,
  FoundArguments,
  ProposedEditionArguments,
  QualityChangeInput,
} from './inputs.js';

const SEVERITIES = ['NOTICE', 'WARNING', 'SEVERE'];
const COUNTS = `
  select rule, severity, subject, area, count(*)::float8 as count
  from metering.finding join metering.quality_rule on code = rule
  where superseded_at is null and last_date >= $1 and date <= $2 and ($3::text is null or subject = $3)
    and ($4::text is null or starts_with(area, $4))
  group by grouping sets ((rule, severity), (subject, area)) order by rule`;

/** Of a rule, or of an owner in an area. */
interface FindingCountRow {
  rule: string | null;
  severity: string | null;
  subject: string | null;
  area: string | null;
  count: number;
}

const LATEST_FIRST = { by: ['date' as const, 'id' as const], descending: true };
const IN_FORCE = `(select number from metering.quality_edition where status = 'ADOPTED')`;

/** Why an edition was not adopted. */
const NOT_ADOPTED: Record<string, (number: number) => Refusal> = {
  NOT_FOUND: (number) => new Refusal('NOT_FOUND', { message: `There is no edition ${number}.` }),
  OUT_OF_REACH: () =>
    new Refusal('ROW_OUT_OF_REACH', {
      rule: 'quality/whole-hub',
      message: 'Rules judge every meter of the hub; your quality:approve does not reach all of them.',
      remedy: 'Have it adopted by a tenant whose quality:approve reaches every area with meters.',
    }),
  FOUR_EYES: () =>
    new Refusal('FOUR_EYES', {
      rule: 'quality/four-eyes',
      message: 'Who proposed an edition does not adopt it.',
      remedy: 'Have another tenant with quality:approve adopt it.',
    }),
  WRONG_STATE: (number) =>
    new Refusal('WRONG_STATE', { message: `Edition ${number} is no draft: it was adopted before.` }),
  STALE: (number) =>
    new Refusal('WRONG_STATE', {
      message: `Edition ${number} changes an edition that is not in force any more.`,
      remedy: 'Propose the changes again: they then build on the edition in force.',
    }),
};

export class QualityRepository {
  readonly #session: Session;

  /** The parameters of each edition. */
  readonly parameters = new DataLoader<number, QualityParameter[]>(async (editions) => {
    const rows = await this.#session.entities(
      QualityParameter,
      'select * from metering.quality_value where edition = any($1) order by edition, rule, name',
      [editions],
    );
    const of = Map.groupBy(rows, ({ edition }) => edition);
    return editions.map((edition) => of.get(edition) ?? []);
  });
  readonly rule = new DataLoader<string, QualityRule | null>(async (codes) => {
    const rows = await this.#session.em.find(QualityRule, { code: { $in: [...codes] } });
    return codes.map((code) => rows.find((row) => row.code === code) ?? null);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  rules(request: PageArguments): Promise<Page<QualityRule>> {
    return page(this.#session, QualityRule, request, { by: ['code'] });
  }

  editions(request: PageArguments): Promise<Page<QualityEdition>> {
    return page(this.#session, QualityEdition, request, { by: ['number'], descending: true });
  }

  /** Of one rule, as the edition in force has them. */
  async parametersOf(rule: string): Promise<QualityParameter[]> {
    const inForce = await this.#inForce();
    return (await this.parameters.load(inForce)).filter((parameter) => parameter.rule === rule);
  }

  async findings(args: FindingsArguments): Promise<Page<Finding>> {
    const { from, to, severity, withSuperseded } = args;
    return page(this.#session, Finding, args, LATEST_FIRST, [
      ...foundConditions<Finding>(args),
      {
        property: 'rule',
        is: 'in',
        value: typeof severity === 'string' ? await this.#rulesOf(severity) : null,
      },
      { property: 'lastDate', is: '>=', value: from },
      { property: 'date', is: '<=', value: to },
      { property: 'supersededAt', is: 'is null', value: withSuperseded ? null : true },
    ]);
  }

  /** Of each rule that found anything, in its order. Whose findings were counted is told by owner and area. */
  async counts({ enterpriseUscc, area, from, to }: FindingCountsArguments): Promise<FindingCount[]> {
    const prefix = area ? areaPrefix(area) : null;
    const rows = await this.#session.rows<FindingCountRow>(COUNTS, [
      from,
      to,
      enterpriseUscc ?? null,
      prefix,
    ]);
    for (const { subject, area: of, count } of rows)
      if (subject !== null && of !== null)
        this.#session.disclosed({ category: 'quality', subject, area: of, values: count });
    const ofRules = rows.flatMap(({ rule, severity, count }) =>
      rule === null || severity === null ? [] : [{ rule, severity, count }],
    );
    checkCounts(0, ...ofRules.map(({ count }) => count));
    return ofRules.map((row) => Object.assign(new FindingCount(), row));
  }

  async #rulesOf(severity: string): Promise<string[]> {
    if (!SEVERITIES.includes(severity))
      throw new Refusal('BAD_USER_INPUT', {
        message: `severity: ${SEVERITIES.join(', ')}, was ${severity}.`,
      });
    const rules = await this.#session.em.find(QualityRule, { severity });
    return rules.map(({ code }) => code);
  }

  /** Makes a draft of the edition in force with some parameters changed. @throws Refusal BAD_USER_INPUT, ROW_OUT_OF_REACH */
  async propose({ changes, reason }: ProposedEditionArguments): Promise<QualityEdition> {
    const known = await this.parameters.load(await this.#inForce());
    const wrong = wrongIn(changes, known);
    if (wrong) throw wrong;
    try {
      const [row] = await this.#session.rows<{ number: number }>(
        'select metering.propose_quality_edition($1, $2::jsonb) as number',
        [reason, JSON.stringify(changes)],
      );
      return await this.#edition(row!.number);
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** @throws Refusal NOT_FOUND, ROW_OUT_OF_REACH, FOUR_EYES, WRONG_STATE */
  async adopt(number: number): Promise<QualityEdition> {
    const [row] = await this.#session.rows<{ outcome: string }>(
      'select metering.adopt_quality_edition($1) as outcome',
      [number],
    );
    const refused = NOT_ADOPTED[row!.outcome]?.(number);
    if (refused) throw refused;
    return this.#edition(number);
  }

  async #inForce(): Promise<number> {
    const [row] = await this.#session.rows<{ number: number }>(`select ${IN_FORCE} as number`);
    return row!.number;
  }

  async #edition(number: number): Promise<QualityEdition> {
    const [edition] = await this.#session.entities(
      QualityEdition,
      'select * from metering.quality_edition where number = $1',
      [number],
    );
    return edition!;
  }
}

/** Of findings, and of cases made of them: those of a meter, an owner, an area, a rule. */
export function foundConditions<T extends Record<'meter' | 'subject' | 'area' | 'rule', string>>({
  meterId,
  enterpriseUscc,
  area,
  rule,
}: FoundArguments): Condition<T>[] {
  return [
    { property: 'meter', is: '=', value: meterId },
    { property: 'subject', is: '=', value: enterpriseUscc },
    { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    { property: 'rule', is: '=', value: rule },
  ];
}

function wrongIn(changes: QualityChangeInput[], known: QualityParameter[]): Refusal | undefined {
  const refuse = (message: string): Refusal =>
    new Refusal('BAD_USER_INPUT', { message, remedy: 'qualityRules lists parameters and their bounds.' });
  if (changes.length === 0) return refuse('changes: an edition changes at least one parameter.');
  const named = changes.map(({ rule, name }) => `${rule}.${name}`);
  const twice = named.find((name, place) => named.indexOf(name) !== place);
  if (twice) return refuse(`${twice}: named twice.`);
  for (const { rule, name, value } of changes) {
    const parameter = known.find((one) => one.rule === rule && one.name === name);
    if (!parameter) return refuse(`${rule}.${name}: there is no such parameter.`);
    const { minimum, maximum } = parameter;
    if (Number(value) < Number(minimum) || Number(value) > Number(maximum))
      return refuse(`${rule}.${name}: ${minimum} to ${maximum}, was ${value}.`);
  }
  return undefined;
}

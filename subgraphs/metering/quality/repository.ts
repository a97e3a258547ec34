import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { type Condition, page } from '../../runtime/pages.js';

import { asRefusal, type Session } from '../../runtime/session.js';
import { Finding, QualityEdition, QualityParameter, QualityRule } from './entities.js';
import type {
  FindingsArguments,
  FoundArguments,
  ProposedEditionArguments,
  QualityChangeInput,
} from './inputs.js';

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

  findings(args: FindingsArguments): Promise<Page<Finding>> {
    const { from, to, withSuperseded } = args;
    return page(this.#session, Finding, args, LATEST_FIRST, [
      ...foundConditions<Finding>(args),
      { property: 'lastDate', is: '>=', value: from },
      { property: 'date', is: '<=', value: to },
      { property: 'supersededAt', is: 'is null', value: withSuperseded ? null : true },
    ]);
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

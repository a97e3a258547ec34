import { type Command, InvalidArgumentError, Option } from 'commander';
import { ACTIONS } from '../../gateway/policy/categories.js';
import type { Outcome } from '../client/output.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions } from '../console/desk.js';
import { shown } from '../console/instants.js';
import { fields } from '../console/table.js';

interface ExplainOptions extends DeskOptions {
  tenant?: string;
  category: string;
  action: string;
  for?: string;
  subject?: string;
  area?: string;
  energyKind?: string;
  buildingType?: string;
  meterLevel?: number;
}

interface Limits {
  area: string;
  subject: string | null;
  energyKinds: string[] | null;
  buildingTypes: string[] | null;
  meterLevels: number[] | null;
  finest: string;
}

interface Decision {
  permission: string;
  allowed: boolean;
  rule: string;
  code: string | null;
  reason: string;
  remedy: string | null;
  changes: { text: string }[];
  ends: { text: string; ids: string[] }[];
  until: string | null;
  declarations: string[];
  scopes: string[];
  consents: string[];
  areas: string[];
  subjects: string[];
  limits: Limits[];
}

const QUERY = `query (
  $tenant: ID, $category: String!, $action: String!, $purpose: String, $subject: ID, $area: String,
  $energyKind: String, $buildingType: String, $meterLevel: Int
) {
  accessDecision(
    tenant: $tenant, category: $category, action: $action, purpose: $purpose, subject: $subject, area: $area,
    energyKind: $energyKind, buildingType: $buildingType, meterLevel: $meterLevel
  ) {
    permission allowed rule code reason remedy
    changes { kind text by pending area energyKinds buildingTypes meterLevels } ends { kind text ids at } until
    declarations scopes consents areas subjects
    limits { area subject energyKinds buildingTypes meterLevels finest }
  }
}`;

/** `hub scope explain`; a "no" ends with status 1, so that scripts can ask too. */
export function addExplain(scope: Command): void {
  addDeskOptions(scope.command('explain'))
    .description(
      'say whether a tenant may, by which rule, what would change it and what would end it; exit status 1 for a no',
    )
    .option('--tenant <tenant>', 'whose access (default: your own)')
    .requiredOption('--category <name>', 'category of data')
    .addOption(new Option('--action <action>', 'what it would do').choices(ACTIONS).default('read'))
    .option('--for <purpose>', 'for which purpose (default: that of your own request)')
    .option('--subject <code>', 'about which enterprise: unified social credit code')
    .option('--area <code>', 'where that enterprise or building lies: GB/T 2260 code')
    .option('--energy-kind <code>', 'about which energy kind, two digits')
    .option('--building-type <letter>', 'about which building type')
    .option('--meter-level <level>', 'about which meter level, 1 to 3', level)
    .action((options: ExplainOptions) => atDesk(options, explain));
}

function level(text: string): number {
  if (/^[123]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('1, 2 or 3.');
}

async function explain(desk: Desk, options: ExplainOptions): Promise<Outcome> {
  const { tenant = null, category, action, for: purpose = null, subject = null, area = null } = options;
  const { energyKind = null, buildingType = null, meterLevel = null } = options;
  const variables = {
    tenant,
    category,
    action,
    purpose,
    subject,
    area,
    energyKind,
    buildingType,
    meterLevel,
  };
  const { accessDecision: decision } = await desk.read<{ accessDecision: Decision }>(QUERY, variables);
  const about = [subject, area, energyKind, buildingType, meterLevel && `level ${meterLevel}`].filter(
    Boolean,
  );
  const asked = `${decision.permission}${purpose ? ` for ${purpose}` : ''}${about.length > 0 ? ` about ${about.join(', ')}` : ''}`;
  const text = [
    `${tenant ?? 'You'} may${decision.allowed ? '' : ' NOT'}: ${asked}`,
    ...factsOf(decision),
    ...listedUnder(
      'What would change it, all together:',
      decision.changes.map((change) => change.text),
    ),
    ...listedUnder(
      'It ends when:',
      decision.ends.map(({ text: words, ids }) => [words, ...ids].join(' ')),
    ),
    ...(decision.allowed
      ? [`  Left alone it lasts until ${shown(decision.until) ?? 'somebody ends it'}.`]
      : []),
  ];
  return { json: decision, text, isFailure: !decision.allowed };
}

function factsOf(decision: Decision): string[] {
  return fields([
    ['  Why', decision.reason],
    ['  Rule', decision.rule],
    ['  Code', decision.code],
    ['  Remedy', decision.remedy],
    ['  Areas', decision.areas.map((prefix) => prefix || 'everywhere').join(', ')],
    ['  Subjects', decision.subjects.join(', ')],
    ['  Covers', decision.limits.map(limitsText).join('; ')],
    ['  Declarations', decision.declarations.join(', ')],
    ['  Scopes', decision.scopes.join(', ')],
    ['  Consents', decision.consents.join(', ')],
  ]);
}

function limitsText({ area, subject, energyKinds, buildingTypes, meterLevels, finest }: Limits): string {
  const parts = [
    subject,
    `area ${area || 'everywhere'}`,
    energyKinds && `energy kind ${energyKinds.join(', ')}`,
    buildingTypes && `building type ${buildingTypes.join(', ')}`,
    meterLevels && `meter level ${meterLevels.join(', ')}`,
    finest !== 'AS_METERED' && `no finer than ${finest}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function listedUnder(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    - ${line}`)];
}

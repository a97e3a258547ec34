import type { HubClient } from '../client/hub-client.js';
import type { Label, Section } from './page.js';

export interface Found {
  rule: string;
  severity: string;
  date: string;
  meter: { id: string; name: string } | null;
}

/** How many findings there are, by rule, and the most severe of them. */
export interface Findings {
  all: number;
  byRule: { rule: string; count: number }[];
  worst: Found[];
}

interface Of {
  area?: string;
  enterpriseUscc?: string;
  from: string;
  to: string;
}

const SEVERITIES = ['SEVERE', 'WARNING', 'NOTICE'];
const VARIABLES = '$area: String, $enterpriseUscc: ID, $from: LocalDate!, $to: LocalDate!';
const FILTER = 'area: $area, enterpriseUscc: $enterpriseUscc, from: $from, to: $to';
const COUNTS = `query (${VARIABLES}) { counts: findingCounts(${FILTER}) { rule severity count } }`;
const FOUND = `query (${VARIABLES}, $severity: String!, $most: Int!) {
  findings(${FILTER}, severity: $severity, first: $most) { nodes { rule severity date meter { id name } } } }`;

export async function findingsOf(client: HubClient, of: Of, most: number): Promise<Findings> {
  const { counts } = await client.ask<{ counts: { rule: string; severity: string; count: number }[] }>(
    COUNTS,
    { ...of },
  );
  const worst: Found[] = [];
  for (const severity of SEVERITIES) {
    if (worst.length >= most || !counts.some((one) => one.severity === severity)) continue;
    const variables = { ...of, severity, most: most - worst.length };
    const { findings } = await client.ask<{ findings: { nodes: Found[] } }>(FOUND, variables);
    worst.push(...findings.nodes);
  }
  return {
    all: counts.reduce((sum, { count }) => sum + count, 0),
    byRule: counts.toSorted((one, other) => other.count - one.count),
    worst,
  };
}

/** Said where not all are shown. */
export function shownOf({ all, worst }: Findings): Label[] {
  if (worst.length === all) return [];
  return [
    [
      `共 ${all} 个问题，此处为其中最严重的 ${worst.length} 个。`,
      `${all} findings in all; these are the ${worst.length} most severe of them.`,
    ],
  ];
}

export function worstSection(
  findings: Findings,
  named: (name: 'rule' | 'severity', code: string) => string,
): Section {
  return {
    title: ['最严重的问题', 'Most severe findings'],
    head: [
      ['日期', 'Day'],
      ['规则', 'Rule'],
      ['严重程度', 'Severity'],
      ['计量器具', 'Meter'],
    ],
    rows: findings.worst.map(({ date, rule, severity, meter }) => [
      date,
      named('rule', rule),
      named('severity', severity),
      meter && `${meter.id} ${meter.name}`,
    ]),
    notes: shownOf(findings),
  };
}

import type { HubClient } from '../client/hub-client.js';
import type { Names } from './names.js';
import type { Section } from './page.js';

interface Named {
  id: string;
  name: string;
}

interface Listed<T> {
  list: { nodes: T[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

interface Missing {
  meterId: string;
  area: string;
  due: number;
  meter: Named | null;
  owner: { uscc: string; name?: string } | null;
}

interface OpenCase {
  id: string;
  rule: string;
  status: string;
  dueOn: string;
  meter: Named | null;
}

const PAGE = '$after: String) { list: ';
const MISSING = `query ($area: String!, $day: LocalDate!, ${PAGE}missingMeterDays(first: 500, after: $after, date: $day, area: $area) {
  nodes { meterId area due meter { id name } owner { uscc name } } pageInfo { hasNextPage endCursor } } }`;
const OPEN = `query ($area: String!, ${PAGE}cases(first: 500, after: $after, area: $area, isOpen: true) {
  nodes { id rule status dueOn meter { id name } } pageInfo { hasNextPage endCursor } } }`;
const MOST = `query ($area: String!, $day: LocalDate!) {
  most: meterFindingCounts(area: $area, from: $day, to: $day, most: 20) { meterId count meter { id name } } }`;

/** By the day's own state: a reminder is only of days since the hub runs. */
export async function missingSection(client: HubClient, area: string, day: string): Promise<Section> {
  const missing = await all<Missing>(client, MISSING, { area, day });
  return {
    title: ['未上传', 'Not uploaded'],
    head: [
      ['地区', 'Area'],
      ['用能单位', 'Owner'],
      ['计量器具', 'Meter'],
      ['应传点数', 'Points due'],
    ],
    rows: missing.map(({ meterId, area: of, due, meter, owner }) => [
      of,
      owner && `${owner.uscc} ${owner.name ?? ''}`.trim(),
      shown(meterId, meter),
      due,
    ]),
    notes: [
      [
        `未上传器具 ${missing.length} 台；未判定之日不列。`,
        `${missing.length} meters; none of a day that was not judged.`,
      ],
    ],
  };
}

export async function worstMetersSection(client: HubClient, area: string, day: string): Promise<Section> {
  const { most } = await client.ask<{ most: { meterId: string; count: number; meter: Named | null }[] }>(
    MOST,
    { area, day },
  );
  return {
    title: ['问题最多的器具', 'Meters with most findings'],
    head: [
      ['计量器具', 'Meter'],
      ['个数', 'Findings'],
    ],
    rows: most.map(({ meterId, count, meter }) => [shown(meterId, meter), count]),
  };
}

export async function openCasesSection(client: HubClient, area: string, names: Names): Promise<Section> {
  const open = await all<OpenCase>(client, OPEN, { area });
  return {
    title: ['待办处置单', 'Cases to settle'],
    head: [
      ['编号', 'Case'],
      ['计量器具', 'Meter'],
      ['规则', 'Rule'],
      ['状态', 'Status'],
      ['期限', 'Due'],
    ],
    rows: open
      .toSorted((one, other) => (one.dueOn < other.dueOn ? -1 : 1))
      .map(({ id, meter, rule, status, dueOn }) => [
        id,
        meter && `${meter.id} ${meter.name}`,
        names.of('rule', rule),
        names.of('status', status),
        dueOn,
      ]),
    notes: [[`未办结 ${open.length} 件。`, `${open.length} open cases.`]],
  };
}

const shown = (id: string, meter: Named | null): string => (meter ? `${id} ${meter.name}` : id);

async function all<T>(client: HubClient, query: string, variables: Record<string, unknown>): Promise<T[]> {
  const found: T[] = [];
  for (let after: string | null = null; ;) {
    const { list }: Listed<T> = await client.ask<Listed<T>>(query, { ...variables, after });
    found.push(...list.nodes);
    if (!list.pageInfo.hasNextPage) return found;
    after = list.pageInfo.endCursor;
  }
}

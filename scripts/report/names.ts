import type { HubClient } from '../client/hub-client.js';
import { type Label, labelled, type Lang } from './page.js';

type Kind = 'area' | 'function' | 'industry' | 'item' | 'rule' | 'severity' | 'status' | 'type';

/** What the hub calls a code of one of its reference tables; a code without a name stands for itself. */
export interface Names {
  /** In the tongue of the page. */
  of(kind: Kind, code: string): string;
  /** In both. */
  label(kind: Kind, code: string): Label;
}

interface Named {
  code: string;
  nameZh: string;
  nameEn: string;
}

const NAMED = 'nodes { code nameZh nameEn }';
const QUERY = `{
  rule: qualityRules(first: 500) { ${NAMED} } item: energyItems(first: 500) { ${NAMED} }
  type: buildingTypes(first: 500) { ${NAMED} } function: buildingFunctions(first: 500) { ${NAMED} }
  industry: industries(first: 500) { ${NAMED} } area: areas(first: 500) { ${NAMED} } }`;

const STATUSES: Record<string, Label> = {
  OPEN: ['待派单', 'Open'],
  ASSIGNED: ['已派单', 'Assigned'],
  EXPLAINED: ['已说明', 'Explained'],
  REPAIRED: ['已修复', 'Repaired'],
  ESTIMATED: ['已估算', 'Estimated'],
  CLOSED: ['已办结', 'Closed'],
};

const SEVERITIES: Record<string, Label> = {
  SEVERE: ['严重', 'Severe'],
  WARNING: ['警告', 'Warning'],
  NOTICE: ['提示', 'Notice'],
};

export async function namesOf(client: HubClient, lang: Lang): Promise<Names> {
  const lists = await client.ask<Record<string, { nodes: Named[] }>>(QUERY);
  const all = new Map<string, Label>([
    ...Object.entries(STATUSES).map(([code, label]): [string, Label] => [`status ${code}`, label]),
    ...Object.entries(SEVERITIES).map(([code, label]): [string, Label] => [`severity ${code}`, label]),
  ]);
  for (const [kind, { nodes }] of Object.entries(lists))
    for (const { code, nameZh, nameEn } of nodes) all.set(`${kind} ${code}`, [nameZh, nameEn]);
  const label = (kind: Kind, code: string): Label => all.get(`${kind} ${code}`) ?? [code, code];
  return { label, of: (kind, code) => labelled(label(kind, code), lang) };
}

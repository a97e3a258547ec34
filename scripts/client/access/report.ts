import type { HubClient } from '../hub-client.js';

export interface FiguresRow {
  area: string;
  unitClass: string | null;
  toConnect: number;
  plannedByNow: number;
  unplanned: number;
  building: number;
  connected: number;
  uploading: number;
  complete: number;
  overdue: number;
  connectedShare: string;
  uploadingShare: string;
  rank: number;
}

export interface UnitRow {
  uscc: string;
  area: string;
  unitClass: string;
  organ: string | null;
  batch: string | null;
  dueOn: string | null;
  state: string;
  isOverdue: boolean;
  gateMeters: number;
  daysAsked: number;
  daysOnTime: number;
  lastOnTime: string | null;
  isComplete: boolean | null;
  energyClasses: { energyClass: string; isDeclared: boolean; isUploading: boolean }[];
  enterprise: { name: string } | null;
}

export interface TargetRow {
  target: {
    unitClass: string;
    until: string;
    share: string | null;
    units: number | null;
    source: string;
    verified: boolean;
  };
  toConnect: number;
  uploading: number;
  reached: string;
  isPast: boolean;
  isMet: boolean;
}

export interface VersionRow {
  version: number;
  supervision: string;
  problems: string;
  suggestions: string;
  isLate: boolean;
  submittedBy: string;
  submittedAt: string;
}

/** The quarterly report whole, with all of its lists. */
export interface Report {
  area: string;
  quarter: string;
  from: string;
  to: string;
  asOf: string;
  dueOn: string;
  total: FiguresRow;
  figures: FiguresRow[];
  targets: TargetRow[];
  connected: UnitRow[];
  overdue: UnitRow[];
  /** As it was handed in, the last version first. */
  versions: VersionRow[];
}

export interface Page<Row> {
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Within the hub's bound on the objects of one answer. */
export const PAGE = 100;

export const FIGURES =
  'area unitClass toConnect plannedByNow unplanned building connected uploading complete overdue connectedShare uploadingShare rank';
export const UNIT = `uscc area unitClass organ batch dueOn state isOverdue gateMeters daysAsked daysOnTime lastOnTime
  isComplete energyClasses { energyClass isDeclared isUploading } enterprise { name }`;
const ENDS = 'pageInfo { hasNextPage endCursor }';

const LISTS = {
  connected: UNIT,
  overdue: UNIT,
  versions: 'version supervision problems suggestions isLate submittedBy submittedAt',
};

/** Asks for a report and for each of its lists, page by page. */
export async function fetchReport(client: HubClient, area: string, quarter: string): Promise<Report> {
  const asked = { area, quarter };
  const { accessReport } = await client.ask<{ accessReport: Omit<Report, keyof typeof LISTS> }>(
    `query ($area: String!, $quarter: String!) { accessReport(area: $area, quarter: $quarter) {
      area quarter from to asOf dueOn total { ${FIGURES} } figures { ${FIGURES} }
      targets { target { unitClass until share units source verified } toConnect uploading reached isPast isMet } } }`,
    asked,
  );
  const list = async <Row>(name: keyof typeof LISTS): Promise<Row[]> => {
    const query = `query ($area: String!, $quarter: String!, $after: String) {
      accessReport(area: $area, quarter: $quarter) {
        ${name}(first: ${PAGE}, after: $after) { nodes { ${LISTS[name]} } ${ENDS} } } }`;
    return allOf(async (after) => {
      const answer = await client.ask<{ accessReport: Record<string, Page<Row>> }>(query, {
        ...asked,
        after,
      });
      return answer.accessReport[name]!;
    });
  };
  return {
    ...accessReport,
    connected: await list<UnitRow>('connected'),
    overdue: await list<UnitRow>('overdue'),
    versions: await list<VersionRow>('versions'),
  };
}

/** Every row of a list. */
export async function allOf<Row>(ask: (after: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { nodes, pageInfo } = await ask(after);
    rows.push(...nodes);
    ({ hasNextPage: more, endCursor: after } = pageInfo);
  }
  return rows;
}

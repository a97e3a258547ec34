import type { FiguresRow, Report, UnitRow } from '../client/access/report.js';
import { table } from '../console/table.js';

export interface DueRow {
  area: string;
  quarter: string;
  dueOn: string;
  isOverdue: boolean;
  units: number;
}

export interface TargetRow {
  area: string;
  unitClass: string;
  until: string;
  share: string | null;
  units: number | null;
  version: number;
  source: string;
  verified: boolean;
  addedBy: string;
}

export function figureLines(rows: readonly FiguresRow[]): string[] {
  const head = ['AREA', 'CLASS', 'TO CONNECT', 'PLANNED', 'CONNECTED', 'UPLOADING', '%', 'OVERDUE', 'RANK'];
  return table(
    head,
    rows.map((row) => [
      row.area,
      row.unitClass ?? 'all',
      ...[row.toConnect, row.plannedByNow, row.connected, row.uploading].map(String),
      row.uploadingShare,
      ...[row.overdue, row.rank].map(String),
    ]),
  );
}

export function unitLines(rows: readonly UnitRow[]): string[] {
  return table(
    ['UNIT', '名称', 'AREA', 'CLASS', 'STATE', 'DUE', 'DAYS ON TIME', 'OVERDUE'],
    rows.map((row) => [
      ...[row.uscc, row.enterprise?.name ?? null, row.area, row.unitClass, row.state, row.dueOn],
      ...[`${row.daysOnTime} of ${row.daysAsked}`, row.isOverdue ? 'yes' : 'no'],
    ]),
  );
}

export function dueLines(rows: readonly DueRow[]): string[] {
  if (rows.length === 0) return ['Every district has handed in its report.'];
  return rows.map(
    ({ area, quarter, dueOn, isOverdue }) =>
      `${area} owes the report of ${quarter}, due ${dueOn}${isOverdue ? ': overdue' : ''}`,
  );
}

function wanted({ share, units }: Pick<TargetRow, 'share' | 'units'>): string {
  return units === null ? `${share} %` : `${units} units`;
}

export function targetLines(rows: readonly TargetRow[]): string[] {
  return table(
    ['AREA', 'CLASS', 'UNTIL', 'WANTED', 'VERSION', 'VERIFIED', 'BY', 'SOURCE'],
    rows.map((row) => [
      ...[row.area, row.unitClass, row.until, wanted(row), String(row.version)],
      ...[row.verified ? 'yes' : 'no', row.addedBy, row.source],
    ]),
  );
}

export function reportLines({
  figures,
  total,
  targets,
  connected,
  overdue,
  versions,
  ...report
}: Report): string[] {
  const handedIn = versions[0]
    ? `Handed in: version ${versions[0].version}${versions.at(-1)?.isLate ? ', late' : ''}.`
    : `Not handed in; due ${report.dueOn}.`;
  return [
    `${report.area} ${report.quarter}, as of ${report.asOf}. ${handedIn}`,
    '',
    ...figureLines([...figures, { ...total, area: 'total' }]),
    '',
    ...table(
      ['TARGET', 'UNTIL', 'WANTED', 'UPLOADING', 'REACHED', 'MET'],
      targets.map(({ target, toConnect, uploading, reached, isMet }) => [
        ...[target.unitClass, target.until, wanted(target), `${uploading} of ${toConnect}`, `${reached} %`],
        isMet ? 'yes' : 'no',
      ]),
    ),
    '',
    `Connected: ${connected.length}. Overdue: ${overdue.length}.`,
    ...(overdue.length > 0 ? unitLines(overdue) : []),
  ];
}

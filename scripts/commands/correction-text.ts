import { shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';

export interface StepRow {
  kind: string;
  actor: string;
  note: string | null;
  request: string | null;
  recordedAt: string;
}

export interface CorrectionRow {
  id: string;
  kind: string;
  record: string;
  date: string | null;
  state: string;
  version: number | null;
  reason: string;
  evidenceSha256: string | null;
  proposedBy: string;
  proposedAt: string;
  expiresAt: string;
  intervalBefore: number | null;
  intervalAfter: number | null;
  valuesBefore: (string | null)[] | null;
  valuesAfter: (string | null)[] | null;
  /** Null where the caller may not read the row. */
  changes: { field: string; before: string | null; after: string | null }[] | null;
  events: (StepRow & { version: number | null })[];
}

export const CORRECTION_FIELDS = `id kind record date state version reason evidenceSha256 proposedBy proposedAt expiresAt
  intervalBefore intervalAfter valuesBefore valuesAfter changes { field before after }
  events { kind actor note version request recordedAt }`;

export function describeCorrection(row: CorrectionRow): string[] {
  const { date, version, events } = row;
  const made = events.find((event) => event.version !== null)?.version ?? null;
  return [
    ...fields([
      ['Correction', row.id],
      ['Of', date === null ? `${row.kind} ${row.record}` : `${row.record} on ${date}`],
      ['State', row.state],
      ['Version', version === null ? null : `${version}${made === null ? '' : ` → ${made}`}`],
      ['Reason', row.reason],
      ['Evidence', row.evidenceSha256],
      ['Open until', row.state === 'PROPOSED' ? shown(row.expiresAt) : null],
    ]),
    ...valueTable(row),
    ...stepTable(events),
  ];
}

export const WITHHELD = 'The values are withheld: you may not read the row that they are of.';

function valueTable(row: CorrectionRow): string[] {
  const { changes } = row;
  if (changes === null) return [WITHHELD];
  if (changes.length === 0) return dayTable(row);
  return table(
    ['FIELD', 'BEFORE', 'AFTER'],
    changes.map(({ field, before, after }) => [field, before, after]),
  );
}

/** Only the values that differ, where the interval is the same. */
function dayTable({ intervalBefore, intervalAfter, valuesBefore, valuesAfter }: CorrectionRow): string[] {
  const [before, after] = [valuesBefore ?? [], valuesAfter ?? []];
  if (intervalBefore !== intervalAfter)
    return [
      `${before.length} values every ${intervalBefore} minutes → ${after.length} every ${intervalAfter}`,
    ];
  const rows = after.flatMap((value, place) =>
    value === before[place] ? [] : [[clock(place * (intervalAfter ?? 0)), before[place] ?? null, value]],
  );
  return table(['FROM', 'BEFORE', 'AFTER'], rows);
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

export function stepTable(steps: readonly StepRow[]): string[] {
  const rows = steps.map(({ kind, actor, note, request, recordedAt }) => [
    shown(recordedAt),
    kind,
    actor,
    note,
    request,
  ]);
  return table(['WHEN', 'STEP', 'BY', 'NOTE', 'REQUEST'], rows);
}

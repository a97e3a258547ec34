import type { Inspection } from '../../certs/inspect.js';
import type { CertificateRecord } from '../../certs/record.js';

export type Standing = 'VALID' | 'REVOKED' | 'EXPIRED' | 'NOT_YET_VALID';

export function standing(record: CertificateRecord, now = new Date()): Standing {
  if (record.revokedAt !== null) return 'REVOKED';
  if (now < new Date(record.notBefore)) return 'NOT_YET_VALID';
  return now < new Date(record.notAfter) ? 'VALID' : 'EXPIRED';
}

/** A table, one certificate a line. */
export function describeRecords(records: readonly (CertificateRecord & { standing: Standing })[]): string[] {
  if (records.length === 0) return ['None.'];
  const rows = records.map((record) => [
    record.name,
    record.stage ?? record.kind,
    record.standing,
    record.notAfter.slice(0, 10),
    record.serial,
    record.fingerprint,
  ]);
  return columns([['NAME', 'STAGE', 'STANDING', 'UNTIL', 'SERIAL', 'SHA-256'], ...rows]);
}

export function describeCertificate(certificate: Inspection, record: CertificateRecord | null): string[] {
  const known = record && { ...record, standing: standing(record) };
  const rows: [string, string | null | undefined][] = [
    ['Subject', certificate.subject],
    ['Issuer', certificate.issuer],
    ['Serial', certificate.serial],
    ['SHA-256', certificate.fingerprint],
    ['Valid', `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`],
    ['Use', certificate.isAuthority ? 'authority' : certificate.usages.join(', ') || 'signing'],
    ['Names', certificate.alternativeNames],
    ['Here', known ? known.standing : 'not in this hub’s index'],
    ['Revoked', known?.revokedAt && `${known.revokedAt}, ${known.reason}`],
  ];
  return columns(rows.filter((row): row is [string, string] => Boolean(row[1])));
}

function columns(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

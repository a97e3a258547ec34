import { writeFile } from 'node:fs/promises';
import { fault } from './failure.js';
import { verifySigned } from './signature.js';

/** What an upload door answers; lines as sent: a meter and day, a reading, or a record of what was supplied. */
export interface UploadReceipt {
  format: 'hub-receipt/1';
  batch: string;
  tenant: string;
  state: string;
  kind: 'READINGS' | 'SUPPLIES';
  lines: number;
  accepted: number;
  unchanged: number;
  corrected: number;
  quarantined: number;
  /** Lines by reason of quarantine. */
  reasons: Record<string, number>;
  readings: number;
  bytes: number;
  sha256: string;
  receivedAt: string;
  checkpoint: { size: number; root: string };
  quarantine: string;
}

/** A receipt with the proof of it: the exact bytes and the hub's signature over them. */
export interface SignedReceipt {
  receipt: UploadReceipt;
  body: Buffer;
  signature: string;
  /** The hub had this content under this key before and repeated its first answer. */
  isReplay: boolean;
}

/** Verifies and reads the door's answer. Throws Failure SIGNATURE_INVALID, ANSWER_UNEXPECTED. */
export async function openReceipt(
  { headers, body }: { headers: Record<string, string>; body: Buffer },
  ca: string,
): Promise<SignedReceipt> {
  const signature = headers['hub-signature'] ?? '';
  await verifySigned(body, signature, ca);
  const receipt = JSON.parse(body.toString()) as UploadReceipt;
  if (receipt.format !== 'hub-receipt/1') {
    throw fault('ANSWER_UNEXPECTED', `The receipt has the unknown form "${String(receipt.format)}".`);
  }
  return { receipt, body, signature, isReplay: headers['idempotency-replayed'] === 'true' };
}

/** Keeps the receipt as it was signed, and the signature beside it as `<path>.jws`. */
export async function saveReceipt(path: string, { body, signature }: SignedReceipt): Promise<void> {
  await writeFile(path, body);
  await writeFile(`${path}.jws`, `${signature}\n`);
}

/** The receipt in words; `caller` is how the user named the tenant, for the command that fetches the rejected lines. */
export function describeReceipt({ receipt, isReplay }: SignedReceipt, caller: string): string[] {
  const { accepted, unchanged, corrected, quarantined } = receipt;
  const lines = [
    `${receipt.batch}: ${count(receipt.lines, 'line')}, ${count(receipt.readings, receipt.kind === 'SUPPLIES' ? 'record' : 'reading')}` +
      (isReplay ? ' (sent before: this is the first receipt again)' : ''),
    `  accepted ${accepted}, unchanged ${unchanged}, corrected ${corrected}, quarantined ${quarantined}`,
  ];
  for (const [reason, number] of Object.entries(receipt.reasons)) lines.push(`    ${reason}: ${number}`);
  if (quarantined > 0) {
    lines.push(
      `  The rejected lines: hub upload --rejected ${receipt.batch} --as ${caller} --out rejected.ndjson`,
    );
  }
  lines.push(
    `  Signature verified; ledger of ${receipt.checkpoint.size} entries, received ${receipt.receivedAt}`,
  );
  return lines;
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-GB')} ${noun}${number === 1 ? '' : 's'}`;
}

import { type QuestionAsked, READING_DAY, type Told } from '../model.js';
import { NO_DIMENSIONS, rowOfMeter } from '../rules.js';
import { type Judge, judgeOf } from '../rulings.js';
import { rowsText } from '../words.js';
import { uploadsOf } from './own-records.js';

/** Line by line: stored, or in quarantine because the meter is another's. */
export function tellUpload(judge: Judge, { uploads }: QuestionAsked, told: Told): void {
  const fates = uploads.map((id) => fateOf(judge, id));
  told['upload'] = judge.refusal('readings:write') ?? rowsText(fates);
}

function fateOf(judge: Judge, id: string): string {
  const { world } = judge;
  const meter = world.meters.find((one) => one.id === id);
  if (!meter) return `${id} UNKNOWN_METER`;
  return judge.isCovered('readings', rowOfMeter(world, meter), 'write')
    ? `${id} stored`
    : `${id} FOREIGN_METER`;
}

/** Rejected lines are given to whoever may see the batch. */
export function tellQuarantines(judge: Judge, question: QuestionAsked, told: Told): void {
  const { world, tenant } = judge;
  for (const other of uploadsOf(world).filter(({ uploadDay }) => question.batches.includes(uploadDay))) {
    const uploader = world.tenants.find(({ id }) => id === other.tenant)!;
    const row = { ...NO_DIMENSIONS, area: uploader.area, subject: null };
    const isVisible = other.tenant === tenant.id || judge.isCovered('batches', row);
    const lines = other.uploads.filter((id) => !fateOf(judgeOf(world, other)!, id).endsWith('stored'));
    told[`quarantine of ${other.uploadDay}`] =
      judge.refusal('batches:read') ?? (isVisible ? rowsText(lines) : 'refused NOT_FOUND');
  }
}

/** The day’s package: the same days as GraphQL gives, and which meters have none. */
export function tellPackage(judge: Judge, told: Told): void {
  const { world } = judge;
  const refusal = judge.refusal('packages:read', 'readings:read');
  const missing = world.meters.filter(
    (meter) =>
      !world.readings.some((reading) => reading.meter === meter.id) &&
      judge.isCovered('readings', rowOfMeter(world, meter)),
  );
  const days = world.meters.flatMap((meter) => judge.readingOf(meter) ?? []);
  told[`package of ${READING_DAY}`] = refusal ?? rowsText(days);
  const byMonth = world.meters.filter(
    (meter) => judge.finest('readings', rowOfMeter(world, meter)) === 'MONTH',
  );
  const named = [
    ...missing.map(({ id }) => `${id} NOT_UPLOADED`),
    // Whether their day is there is not told.
    ...byMonth.map(({ id }) => `${id} MONTH_ONLY`),
  ];
  told['missing in the package'] = refusal ?? rowsText(named);
  if (refusal === null)
    told['acknowledge the package'] = judge.refusal('packages:write', 'packages:read') ?? 'done';
  told['the package of another'] = refusal ?? 'refused NOT_FOUND';
}

import type { EnterpriseRow, QuestionAsked, Told } from '../model.js';
import { liesIn, rowOfEnterprise, rowOfMeter, rowOfPlace } from '../rules.js';
import type { Judge } from '../rulings.js';
import { rowsText } from '../words.js';

/** Key units that are seen; what is measured of them counts the gate meters that are seen, whose days may be judged. */
export function tellProgress(judge: Judge, { figuresOf }: QuestionAsked, told: Told): void {
  const { reports } = judge.world;
  const refusal = progressRefusal(judge);
  const units = keyUnitsSeen(judge).map((unit) => ({ ...unit, gates: gatesOf(judge, unit) }));
  told['progress'] = refusal ?? rowsText(units.map(({ uscc, gates }) => `${uscc} ${gates} gates`));
  const areas = Map.groupBy(units, ({ area }) => area);
  const figures = [...areas].map(([area, its]) => {
    return `${area} ${its.filter(({ gates }) => gates > 0).length} of ${its.length}`;
  });
  told['progress by area'] = refusal ?? rowsText(figures);
  // That a report was handed in is known to whoever is told that it is due.
  const due = [...areas].flatMap(([area, its]) => (reports.includes(area) ? [] : [`${area} ${its.length}`]));
  const unread = judge.refusal('enterprises:read');
  told['progress reports due'] = unread ?? rowsText(due);
  told['progress plans'] = unread ?? rowsText(keyUnitsSeen(judge).map(({ uscc, name }) => planText({ uscc, organ: name }))); // prettier-ignore
  told['progress report'] = refusal ?? reportText(judge, figuresOf);
}

export function planText({ uscc, organ }: { uscc: string; organ: string }): string {
  return `${uscc} by ${organ}`;
}

/** Units of an area that are seen; what was handed in is about the area and nobody in it. */
function reportText(judge: Judge, area: string): string {
  const units = keyUnitsSeen(judge).filter((unit) => liesIn(unit.area, area));
  const isSeen = judge.isCovered('enterprises', rowOfPlace(area));
  return `${units.length}${judge.world.reports.includes(area) && isSeen ? ` ${area} none` : ''}`;
}

/** Measured progress takes the unit, its meters, and whether their days came in time. */
export function progressRefusal(judge: Judge): string | null {
  return judge.refusal('enterprises:read', 'meters:read', 'quality:read');
}

export function keyUnitsSeen(judge: Judge): EnterpriseRow[] {
  const { world } = judge;
  return world.enterprises.filter(
    ({ uscc, unitClass }) => unitClass && judge.isCovered('enterprises', rowOfEnterprise(world, uscc)),
  );
}

function gatesOf(judge: Judge, { uscc }: EnterpriseRow): number {
  const { world } = judge;
  return world.meters.filter((meter) => {
    const row = rowOfMeter(world, meter);
    const isSeen = judge.isCovered('meters', row) && judge.isCovered('quality', row);
    return meter.level === 1 && row.subject === uscc && isSeen;
  }).length;
}

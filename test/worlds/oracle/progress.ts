import type { EnterpriseRow, Told } from '../model.js';
import { rowOfEnterprise, rowOfMeter } from '../rules.js';
import type { Judge } from '../rulings.js';
import { rowsText } from '../words.js';

/** Key units that are seen; what is measured of them counts the gate meters that are seen, whose days may be judged. */
export function tellProgress(judge: Judge, told: Told): void {
  const refusal = progressRefusal(judge);
  const units = keyUnitsSeen(judge).map((unit) => ({ ...unit, gates: gatesOf(judge, unit) }));
  told['progress'] = refusal ?? rowsText(units.map(({ uscc, gates }) => `${uscc} ${gates} gates`));
  const areas = Map.groupBy(units, ({ area }) => area);
  const figures = [...areas].map(([area, its]) => {
    return `${area} ${its.filter(({ gates }) => gates > 0).length} of ${its.length}`;
  });
  told['progress by area'] = refusal ?? rowsText(figures);
  const due = [...areas].map(([area, its]) => `${area} ${its.length}`);
  told['progress reports due'] = judge.refusal('enterprises:read') ?? rowsText(due);
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

import { type EditionRow, type PolicyWorld, type QuestionAsked, type Told } from '../model.js';
import { liesIn, type Row, rowOfBuilding, rowOfPlace, rowOfSum } from '../rules.js';
import { type Judge, judgeOf, sum } from '../rulings.js';
import { decimal, hundredths, rowsText } from '../words.js';

/** The cells of an edition are what they are, whoever reads it. */
export function cellText({ area, buildingType, total }: EditionRow['cells'][number]): string {
  return `${area}${buildingType ?? ''} ${total ?? 'withheld'}`;
}

/** Who publishes an area sees its editions; so does who reads the published ones, wherever they lie. */
export function tellStatistics(judge: Judge, { acknowledges }: QuestionAsked, told: Told): void {
  const { world, tenant } = judge;
  const refusal = judge.refusal('statistics:read');
  const isRead = ({ area }: EditionRow): boolean => judge.isCovered('statistics', rowOfPlace(area));
  const isPublished = ({ area }: EditionRow): boolean =>
    judge.isCovered('statistics', rowOfPlace(area), 'approve');
  const seen = refusal ? [] : world.editions.filter((one) => isRead(one) || isPublished(one));
  const cells = seen.map((one) => `${one.id} ${one.cells.map(cellText).join(', ')}`);
  told['statistics'] = refusal ?? rowsText(cells);
  for (const edition of seen) {
    const receivers = receiptsOf(world, edition.id);
    const isMine = receivers.includes(tenant.id);
    told[`acknowledgement of ${edition.id}`] = isMine ? 'acknowledged' : 'nothing';
    const shown = receivers.filter((one) => one === tenant.id || isPublished(edition));
    const unpublished = judge.refusal('statistics:approve');
    told[`receipts of ${edition.id}`] = unpublished ?? rowsText(shown);
    told[`unacknowledged in ${edition.id}`] = unpublished ?? (isPublished(edition) ? missingIn(world, edition, receivers) : 'nothing'); // prettier-ignore
  }
  for (const id of acknowledges) {
    const edition = world.editions.find((one) => one.id === id)!;
    told[`acknowledge ${id}`] = refusal ?? (isRead(edition) ? 'done' : 'refused NOT_FOUND');
  }
}

/** The areas within, of which no platform has confirmed it. */
function missingIn(world: PolicyWorld, { area, cells }: EditionRow, receivers: string[]): string {
  const platforms = world.tenants.filter(({ id, tier }) => receivers.includes(id) && tier !== 'ENTERPRISE');
  const received = platforms.map((tenant) => tenant.area);
  const places = cells.map((cell) => cell.area).filter((place) => place !== area);
  return rowsText(places.filter((place) => !received.includes(place)));
}

/** Whoever confirmed an edition has a receipt. */
function receiptsOf(world: PolicyWorld, edition: string): string[] {
  const { area } = world.editions.find(({ id }) => id === edition)!;
  return world.questions.flatMap((question) => {
    if (!question.acknowledges.includes(edition)) return [];
    const judge = judgeOf(world, question);
    return judge?.isCovered('statistics', rowOfPlace(area)) ? [question.tenant] : [];
  });
}

/** Exact figures of a day at the gates, for who may read all that they are made of: a part would look like the whole. */
export function tellFigures(judge: Judge, { figuresOf: area }: QuestionAsked, told: Told): void {
  const refusal = judge.refusal('readings:read', 'meters:read');
  const holdsAll = ['readings', 'meters'].every((category) => judge.isCovered(category, rowOfPlace(area)));
  const groups = refusal === null && holdsAll ? groupsIn(judge.world, area) : new Map<string, Metered[]>();
  const texts = [...groups].map(([key, metered]) => `${key}: ${figureText(metered)}`);
  told['figures'] = refusal ?? (holdsAll ? rowsText(texts) : 'refused ROW_OUT_OF_REACH statistics/own-area');
  for (const [key, metered] of groups) told[`floor area of figure ${key}`] = floorArea(judge, metered);
}

interface Metered {
  building: string | null;
  row: Row;
  amount: string;
}

/** By area, building type and energy class, which says the unit, too. */
function groupsIn(world: PolicyWorld, area: string): Map<string, Metered[]> {
  const all = world.readings.flatMap(({ meter: id, values }) => {
    const meter = world.meters.find((one) => one.id === id)!;
    const row = rowOfSum(world, meter);
    const amount = sum(values);
    const isGate = meter.level === 1 && meter.energyItem.endsWith('000');
    if (!isGate || amount === null || !liesIn(row.area, area)) return [];
    const key = `${row.area} ${row.buildingType ?? '-'} ${meter.energyItem}`;
    return [{ key, building: meter.building, row, amount }];
  });
  return Map.groupBy(all, ({ key }) => key);
}

function figureText(metered: Metered[]): string {
  const total = decimal(metered.reduce((whole, { amount }) => whole + hundredths(amount), 0n));
  return `${total} of ${new Set(metered.map(({ row }) => row.subject)).size} in ${buildingsOf(metered).length}`;
}

function buildingsOf(metered: Metered[]): string[] {
  return [...new Set(metered.flatMap(({ building }) => building ?? []))];
}

/** Of all its buildings, or nothing: a sum of some would divide all of the energy. */
function floorArea(judge: Judge, metered: Metered[]): string {
  const { world } = judge;
  const ids = buildingsOf(metered);
  const areas = ids.map((id) => {
    const isSeen = judge.isCovered('buildings', rowOfBuilding(world, id));
    return isSeen ? world.buildings.find((one) => one.id === id)!.floorArea : null;
  });
  const whole = areas.reduce<number>((total, one) => total + (one ?? 0), 0);
  const isWhole = ids.length > 0 && areas.every((one) => one !== null);
  return judge.refusal('buildings:read') ?? (isWhole ? `${whole} m²` : 'nothing');
}

import { Failure, fault } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { heatMap } from './chart.js';
import { findingsOf, worstSection } from './findings.js';
import { energySections } from './energy.js';
import { asReason, type Asked } from './reasons.js';
import { type Names, namesOf } from './names.js';
import type { Label, Lang, Report, Section } from './page.js';
import { peerSection } from './peers.js';

interface MeterRow {
  id: string;
  name: string;
  energyItem: string;
  level: number;
  unit: string;
  isCalibrated: boolean;
}

interface Subject {
  name: string;
  area: string;
  typeCode?: string;
  functionCode?: string | null;
  floorAreaM2?: string | null;
  industry?: string | null;
  meters: { nodes: MeterRow[] } | null;
}

const USCC = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
const BUILDING = /^[1-9]\d{5}[A-HZ]\d{3}$/;
const MOST_FINDINGS = 200;
/** The heat map shows the last of the period: 20 days of 24 hours are one page. */
const HEAT_DAYS = 20;
const METERS = 'meters(first: 200) { nodes { id name energyItem level unit isCalibrated } }';
const NOT_HERE = (id: string): Failure =>
  new Failure({
    code: 'NOT_FOUND',
    message: `${id} is not in your reach.`,
    remedy: 'Name a credit code or a building code.',
  });

const DAY = /^\d{4}-\d\d-\d\d$/;

export async function subjectReport(
  client: HubClient,
  id: string,
  days: { from: string; to: string },
  lang: Lang,
): Promise<Report> {
  const isEnterprise = USCC.test(id);
  if (!isEnterprise && !BUILDING.test(id)) throw NOT_HERE(id);
  for (const day of [days.from, days.to])
    if (!DAY.test(day)) throw fault('USAGE', `A day is like 2026-01-31, was ${day}.`);
  const root = isEnterprise ? `enterprise(uscc: "${id}")` : `building(id: "${id}")`;
  const own = isEnterprise ? 'industry' : 'typeCode functionCode floorAreaM2';
  const { found } = await client.ask<{ found: Subject | null }>(
    `{ found: ${root} { name area ${own} ${METERS} } }`,
  );
  if (!found) throw NOT_HERE(id);
  const names = await namesOf(client, lang);
  const asked = { root, ...days };
  const meters = found.meters?.nodes ?? [];
  const classes = [...new Set(meters.map(({ energyItem }) => energyItem.slice(0, 2)))].toSorted();
  return {
    title: ['用能报告', 'Report of energy use'],
    about: aboutOf(found, id, days, names),
    sections: [
      ...(await energySections(client, asked, classes, names, lang)),
      await peerSection(client, asked, isEnterprise, lang),
      await heatSection(client, asked),
      metersSection(meters, names),
      ...(isEnterprise ? [await findingsSection(client, id, days, names)] : []),
    ],
    madeAt: new Date().toISOString(),
  };
}

function aboutOf(
  subject: Subject,
  id: string,
  { from, to }: Pick<Asked, 'from' | 'to'>,
  names: Names,
): Report['about'] {
  const named = (kind: 'area' | 'industry' | 'type', code: string | null | undefined): string | null =>
    code ? `${code} ${names.of(kind, code)}` : null;
  const { name, area, typeCode, functionCode, floorAreaM2, industry } = subject;
  const facts: [Label, string | null | undefined][] = [
    [['名称', 'Name'], name],
    [['代码', 'Code'], id],
    [['期间', 'Period'], `${from} – ${to}`],
    [['行政区划', 'Area'], named('area', area)],
    [['行业', 'Industry'], named('industry', industry)],
    [['建筑类型', 'Type'], named('type', typeCode)],
    [['建筑功能', 'Function'], functionCode && names.of('function', functionCode)],
    [['建筑面积', 'Floor area'], floorAreaM2 && `${floorAreaM2} m²`],
  ];
  return facts.flatMap(([label, value]) => (value ? [[label, value] as const] : []));
}

async function heatSection(client: HubClient, { root, from, to }: Asked): Promise<Section> {
  const earliest = new Date(Date.parse(to) - (HEAT_DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  const start = earliest < from ? from : earliest;
  const answer = await client
    .ask<{
      found: {
        hours: { nodes: { from: string; hour: number | null; total: string | null; unit: string | null }[] };
      };
    }>(
      `{ found: ${root} { hours: consumptionSeries(first: 500, from: "${start}", to: "${to}", step: HOUR) {
         nodes { from hour total unit } } } }`,
    )
    .catch(asReason);
  const head: Label[] = [
    ['日期', 'Day'],
    ['小时', 'Hour'],
    ['用量', 'Used'],
  ];
  const title: Label = ['用电负荷（最后20日，小时×日）', 'Electricity by hour and day, the last 20 days'];
  if (answer instanceof Failure) return { title, head, rows: [], notes: [answer.message] };
  const hours = answer.found.hours.nodes.filter(({ total }) => total !== null);
  const days = [...new Set(hours.map(({ from: day }) => day))].toSorted();
  const unit = hours[0]?.unit ?? '';
  return {
    title,
    chart: heatMap(
      days,
      hours.map(({ from: day, hour, total }) => [hour ?? 0, days.indexOf(day), Number(total)]),
    ),
    height: 110 + days.length * 20,
    head,
    rows: hours.map(({ from: day, hour, total }) => [day, hour, total]),
    ...(unit && { notes: [[`每小时用量，${unit}`, `used an hour, ${unit}`]] as [Label] }),
  };
}

function metersSection(meters: readonly MeterRow[], names: Names): Section {
  return {
    title: ['计量器具与检定状态', 'Meters and their calibration'],
    head: [
      ['编号', 'Meter'],
      ['名称', 'Name'],
      ['级别', 'Level'],
      ['分项', 'Item'],
      ['单位', 'Unit'],
      ['在检定有效期内', 'Calibrated'],
    ],
    rows: meters.map(({ id, name, level, energyItem, unit, isCalibrated }) => [
      ...[id, name, level, `${energyItem} ${names.of('item', energyItem)}`, unit],
      isCalibrated ? '✓' : '✗',
    ]),
  };
}

async function findingsSection(
  client: HubClient,
  id: string,
  { from, to }: Pick<Asked, 'from' | 'to'>,
  names: Names,
): Promise<Section> {
  const answer = await findingsOf(client, { enterpriseUscc: id, from, to }, MOST_FINDINGS).catch(asReason);
  const title: Label = ['数据质量问题', 'Findings'];
  if (answer instanceof Failure) return { title, head: [], rows: [], notes: [answer.message] };
  return { ...worstSection(answer, (kind, code) => names.of(kind, code)), title };
}

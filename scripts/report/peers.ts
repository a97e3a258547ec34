import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { spreads } from './chart.js';
import { asReason, type Asked } from './reasons.js';
import { type Label, labelled, type Lang, type Section } from './page.js';

interface Peers {
  edition: string;
  buildings: number;
  mean: string;
  p10: string;
  p25: string;
  p50: string;
  p75: string;
  p90: string;
}

interface House {
  id: string;
  name: string;
  intensity: {
    peers: {
      unit: string | null;
      own: string | null;
      band: string | null;
      savingPotential: string | null;
      peers: Peers | null;
    } | null;
  } | null;
}

const MOST_BUILDINGS = 20;
const FIELDS = (month: string): string =>
  `id name intensity { peers(month: "${month}") { unit own band savingPotential
     peers { edition buildings mean p10 p25 p50 p75 p90 } } }`;

/** Fewer than ten owners are no peers (decision 0023). */
const UNPUBLISHED = (month: string): Label => [
  `${month.slice(0, 7)}没有已发布的同类数据：该月未发布统计，或同类建筑的产权单位过少。`,
  `Nothing is published of like buildings for ${month.slice(0, 7)}: no edition of the month, or too few owners.`,
];

const BANDS: Record<string, Label> = {
  UP_TO_P10: ['不高于10%分位', 'up to the 10th'],
  P10_TO_P25: ['10%–25%分位', '10th to 25th'],
  P25_TO_P50: ['25%–50%分位', '25th to 50th'],
  P50_TO_P75: ['50%–75%分位', '50th to 75th'],
  P75_TO_P90: ['75%–90%分位', '75th to 90th'],
  ABOVE_P90: ['高于90%分位', 'above the 90th'],
};

/** Electricity a m² of the buildings beside what is published of the month. */
export async function peerSection(
  client: HubClient,
  { root, to }: Asked,
  isEnterprise: boolean,
  lang: Lang,
): Promise<Section> {
  const month = lastWholeMonth(to);
  const fields = isEnterprise
    ? `buildings(first: ${MOST_BUILDINGS}) { nodes { ${FIELDS(month)} } }`
    : FIELDS(month);
  const answer = await client
    .ask<{ found: House | { buildings: { nodes: House[] } } }>(`{ found: ${root} { ${fields} } }`)
    .catch(asReason);
  const section = {
    title: ['同类建筑对标（单位面积电耗）', 'Electricity a m² beside like buildings'] as const,
    head: [
      ['建筑', 'Building'],
      ['单位面积', 'Own'],
      ['平均', 'Mean'],
      ['中位', 'Median'],
      ['单位', 'Unit'],
      ['位次区间', 'Band'],
      ['节能潜力', 'Could save'],
      ['同类建筑数', 'Buildings'],
    ] as const,
  };
  if (answer instanceof Failure) return { ...section, rows: [], notes: [answer.message] };
  const { found } = answer;
  const houses = 'buildings' in found ? found.buildings.nodes : [found];
  const rows = houses.flatMap(({ id, name, intensity }) => {
    const compared = intensity?.peers;
    return compared?.peers ? [{ ...compared, name: `${id} ${name}`, peers: compared.peers }] : [];
  });
  const unit = `${rows[0]?.unit ?? ''}/m²`;
  const told = (band: string | null): string | null =>
    band === null ? null : labelled(BANDS[band] ?? [band, band], lang);
  if (rows.length === 0) return { ...section, rows: [], notes: [UNPUBLISHED(month)] };
  return {
    ...section,
    notes: [
      [
        `${month.slice(0, 7)}，按已发布的全市统计；框为25%–75%分位，须为10%–90%分位，点为本建筑。`,
        `${month.slice(0, 7)}, by what is published of the city; boxes are quarters, whiskers tenths, points the buildings’ own.`,
      ],
    ],
    chart: spreads(
      rows.map(({ name, own, peers: { p10, p25, p50, p75, p90 } }) => ({
        name: name.slice(0, 10),
        percentiles: [p10, p25, p50, p75, p90],
        own,
      })),
      unit,
    ),
    height: 80 + rows.length * 34,
    rows: rows.map(({ name, own, band, savingPotential, unit: energy, peers: { mean, p50, buildings } }) => [
      ...[name, own, mean, p50, unit, told(band)],
      savingPotential === null ? null : `${savingPotential} ${energy ?? ''}`,
      buildings,
    ]),
  };
}

/** The month of a day where that is its last, else the one before. */
function lastWholeMonth(day: string): string {
  const next = new Date(Date.parse(day) + 86_400_000);
  return new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);
}

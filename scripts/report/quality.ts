import type { HubClient } from '../client/hub-client.js';
import { bars, line } from './chart.js';
import { findingsOf, worstSection } from './findings.js';
import { missingSection, openCasesSection, worstMetersSection } from './meters.js';
import { namesOf } from './names.js';
import type { Lang, Report } from './page.js';

interface Index {
  from: string;
  due: number;
  present: number;
  onTime: number;
  composite: string | null;
  completeness: string | null;
}

interface Facts {
  index: Index | null;
  series: Index[] | null;
  areas: { nodes: { code: string; nameZh: string; parent: string | null }[] };
}

const FIELDS = 'from due present onTime completeness composite';
const QUERY = `query ($area: String!, $day: LocalDate!, $first: LocalDate!) {
  index: qualityIndex(area: $area, from: $day, to: $day) { ${FIELDS} }
  series: qualityIndexSeries(area: $area, from: $first, to: $day) { ${FIELDS} }
  areas(first: 500) { nodes { code nameZh parent } } }`;
const DAYS_BEFORE = 29;
const MOST_DISTRICTS = 40;
const MOST_FINDINGS = 500;

interface Asked {
  date: string;
  /** The caller's own by default. */
  area?: string;
  lang: Lang;
}

export async function qualityReport(
  client: HubClient,
  { date: day, area: asked, lang }: Asked,
): Promise<Report> {
  const names = await namesOf(client, lang);
  const area = asked ?? (await client.ask<{ me: { area: string } }>('{ me { area } }')).me.area;
  const first = new Date(Date.parse(day) - DAYS_BEFORE * 86_400_000).toISOString().slice(0, 10);
  const facts = await client.ask<Facts>(QUERY, { area, day, first });
  const districts = await indexByDistrict(client, facts, area, day);
  const series = facts.series ?? [];
  const findings = await findingsOf(client, { area, from: day, to: day }, MOST_FINDINGS);
  const byRule = findings.byRule.map(({ rule, count }): [string, number] => [names.of('rule', rule), count]);
  const { index } = facts;
  return {
    title: ['数据质量日报', 'Daily report of data quality'],
    about: [
      [['地区', 'Area'], area],
      [['日期', 'Day'], day],
      [['综合指数', 'Composite index'], index?.composite ?? '—'],
      [['问题总数', 'Findings in all'], String(findings.all)],
      [['已传/应传点数', 'Points here of those due'], index ? `${index.present} / ${index.due}` : '—'],
    ],
    sections: [
      {
        title: ['分区综合指数', 'Index by district'],
        chart: bars(
          districts.map(([name]) => name),
          districts.map(([, , composite]) => composite),
        ),
        height: 70 + districts.length * 28,
        head: [
          ['地区', 'District'],
          ['代码', 'Code'],
          ['综合指数', 'Composite'],
          ['已传点数', 'Here'],
          ['应传点数', 'Due'],
        ],
        rows: districts,
      },
      await missingSection(client, area, day),
      {
        title: ['按规则统计的问题', 'Findings by rule'],
        chart: bars(
          byRule.map(([rule]) => rule),
          byRule.map(([, count]) => count),
        ),
        height: 70 + byRule.length * 28,
        head: [
          ['规则', 'Rule'],
          ['个数', 'Count'],
        ],
        rows: byRule,
      },
      {
        title: ['近30日综合指数', 'Index of 30 days'],
        chart: line(
          series.map(({ from }) => from),
          series.map(({ composite }) => composite),
        ),
        head: [
          ['日期', 'Day'],
          ['综合指数', 'Composite'],
          ['已传点数', 'Here'],
          ['应传点数', 'Due'],
        ],
        rows: series.map(({ from, composite, present, due: all }) => [from, composite, present, all]),
      },
      await worstMetersSection(client, area, day),
      worstSection(findings, (kind, code) => names.of(kind, code)),
      await openCasesSection(client, area, names),
    ],
    madeAt: new Date().toISOString(),
  };
}

type District = [name: string, code: string, composite: string | null, present: number, due: number];

/** The area itself and its districts, where days were judged; of a larger one what lies right below it. */
async function indexByDistrict(
  client: HubClient,
  { areas }: Facts,
  area: string,
  day: string,
): Promise<District[]> {
  const inside = areasIn(areas.nodes, area);
  if (inside.length === 0) return [];
  const fields = inside.map(
    ({ code }) => `a${code}: qualityIndex(area: "${code}", from: $day, to: $day) { ${FIELDS} }`,
  );
  const indices = await client.ask<Record<string, Index | null>>(
    `query ($day: LocalDate!) { ${fields.join(' ')} }`,
    { day },
  );
  return inside.flatMap(({ code, nameZh }): District[] => {
    const index = indices[`a${code}`];
    return index && index.due > 0 ? [[nameZh, code, index.composite, index.present, index.due]] : [];
  });
}

type Area = Facts['areas']['nodes'][number];

function areasIn(areas: readonly Area[], area: string): Area[] {
  const own = areas.filter(({ code }) => code === area);
  const below = (codes: readonly string[]): Area[] =>
    areas.filter(({ parent }) => parent !== null && codes.includes(parent));
  const next = below([area]);
  const last = next.flatMap((one) => {
    const inner = below([one.code]);
    return inner.length > 0 ? inner : [one];
  });
  return [...own, ...(last.length > MOST_DISTRICTS ? next : last)].slice(0, MOST_DISTRICTS + 1);
}

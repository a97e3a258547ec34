import type { HubClient } from '../client/hub-client.js';
import { bars, line } from './chart.js';
import { findingsOf, shownOf, worstSection } from './findings.js';
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
  uploadReminders: { nodes: { area: string; platform: string; due: number; missing: number }[] };
  cases: {
    nodes: {
      id: string;
      rule: string;
      status: string;
      dueOn: string;
      meter: { id: string; name: string } | null;
    }[];
  };
  areas: { nodes: { code: string; nameZh: string; parent: string | null }[] };
}

const FIELDS = 'from due present onTime completeness composite';
const QUERY = `query ($area: String!, $day: LocalDate!, $first: LocalDate!) {
  index: qualityIndex(area: $area, from: $day, to: $day) { ${FIELDS} }
  series: qualityIndexSeries(area: $area, from: $first, to: $day) { ${FIELDS} }
  uploadReminders(first: 500, date: $day, area: $area) { nodes { area platform due missing } }
  cases(first: 200, area: $area) { nodes { id rule status dueOn meter { id name } } }
  areas(first: 500) { nodes { code nameZh parent } } }`;
const DAYS_BEFORE = 29;
const MOST_DISTRICTS = 40;
const WORST = 20;
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
  const worst = counted(findings.worst.map(({ meter }) => meter && `${meter.id} ${meter.name}`)).slice(
    0,
    WORST,
  );
  const due = facts.cases.nodes.filter(({ status }) => status !== 'CLOSED');
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
      {
        title: ['未上传', 'Not uploaded'],
        head: [
          ['地区', 'Area'],
          ['平台', 'Platform'],
          ['应传器具', 'Meters due'],
          ['未传器具', 'Missing'],
        ],
        rows: facts.uploadReminders.nodes.map(({ area: of, platform, due: all, missing }) => [
          of,
          platform,
          all,
          missing,
        ]),
      },
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
      {
        title: ['问题最多的器具', 'Meters with most findings'],
        head: [
          ['计量器具', 'Meter'],
          ['个数', 'Findings'],
        ],
        rows: worst,
        notes: shownOf(findings),
      },
      worstSection(findings, (kind, code) => names.of(kind, code)),
      {
        title: ['待办处置单', 'Cases to settle'],
        head: [
          ['编号', 'Case'],
          ['计量器具', 'Meter'],
          ['规则', 'Rule'],
          ['状态', 'Status'],
          ['期限', 'Due'],
        ],
        rows: due
          .toSorted((one, other) => (one.dueOn < other.dueOn ? -1 : 1))
          .map(({ id, meter, rule, status, dueOn }) => [
            id,
            meter && `${meter.id} ${meter.name}`,
            names.of('rule', rule),
            names.of('status', status),
            dueOn,
          ]),
      },
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

function counted(names: readonly (string | null)[]): [string, number][] {
  const known = names.filter((name) => name !== null);
  return [...Map.groupBy(known, (name) => name)]
    .map(([name, all]): [string, number] => [name, all.length])
    .toSorted(([, one], [, other]) => other - one);
}

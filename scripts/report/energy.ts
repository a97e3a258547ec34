import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { bars } from './chart.js';
import { type Month, monthsOf, monthSection } from './months.js';
import type { Names } from './names.js';
import { asReason, type Asked } from './reasons.js';
import { type Label, labelled, type Lang, type Section, titled } from './page.js';

interface Sum {
  total: string;
  unit: string | null;
}

interface Coal {
  value: string | null;
  low: string;
  high: string;
  edition: string;
  isVerified: boolean;
}

interface Remainder {
  amount: string;
  unit: string;
}

interface Facts {
  found: { sum: Sum };
}

interface Breakdown {
  found: {
    energyBreakdown: {
      parts: { energyItem: string; partOf: string | null; consumption: Sum; remainder: Remainder | null }[];
      remainder: Remainder | null;
    } | null;
  };
}

const UNVERIFIED: Label = ['（未核实）', '(unverified)'];
const BASES = {
  EQUIVALENT: ['当量值', 'equivalent'],
  EQUAL_VALUE: ['等价值', 'equal value'],
} as const;

/** Every class that has a meter: what was used, as standard coal on both bases, by month and by item. */
export async function energySections(
  client: HubClient,
  asked: Asked,
  classes: readonly string[],
  names: Names,
  lang: Lang,
): Promise<Section[]> {
  const all = await Promise.all(classes.map((energyClass) => energyOf(client, asked, energyClass)));
  return [
    coalSection(all, names, lang),
    ...all.flatMap((one) => [
      monthSection(names.label('item', one.item), one.months, lang),
      itemSection(one, names, lang),
    ]),
  ].filter((section) => section !== null);
}

interface Energy {
  item: string;
  sum: Sum | Failure;
  months: Month[];
  coal: Record<keyof typeof BASES, Coal | null | Failure>;
  breakdown: Breakdown['found']['energyBreakdown'] | Failure;
}

async function energyOf(client: HubClient, asked: Asked, energyClass: string): Promise<Energy> {
  const { root, from, to } = asked;
  const item = `${energyClass}000`;
  const days = `from: "${from}", to: "${to}"`;
  const sum = `consumption(energyItem: "${item}", ${days})`;
  const ask = <Data>(fields: string): Promise<Data | Failure> =>
    client.ask<Data>(`{ found: ${root} { ${fields} } }`).catch(asReason);
  const coal = async (basis: keyof typeof BASES): Promise<Coal | null | Failure> => {
    const answer = await ask<{ found: { sum: { it: Coal | null } } }>(
      `sum: ${sum} { it: coalEquivalent(basis: ${basis}) { value low high edition isVerified } }`,
    );
    return answer instanceof Failure ? answer : answer.found.sum.it;
  };
  const facts = await ask<Facts>(`sum: ${sum} { total unit }`);
  const breakdown = await ask<Breakdown>(
    `energyBreakdown(energyClass: "${energyClass}", ${days}) {
       parts { energyItem partOf consumption { total unit } remainder { amount unit } } remainder { amount unit } }`,
  );
  return {
    item,
    sum: isReason(facts) ? facts : facts.found.sum,
    months: await monthsOf(client, asked, item),
    coal: { EQUIVALENT: await coal('EQUIVALENT'), EQUAL_VALUE: await coal('EQUAL_VALUE') },
    breakdown: breakdown instanceof Failure ? breakdown : breakdown.found.energyBreakdown,
  };
}

/** Reasons are said once, below the figures that there are. */
function coalSection(all: readonly Energy[], names: Names, lang: Lang): Section {
  const bases = Object.entries(BASES) as [keyof typeof BASES, Label][];
  const reasons = all.flatMap(({ sum, coal }) => [sum, ...Object.values(coal)]).filter(isReason);
  return {
    title: ['用能总量与折标准煤', 'Energy used, and as standard coal'],
    notes: [
      [
        '折标准煤单位为吨标准煤（tce）；当量值与等价值不相加；系数为区间的给出上下限。',
        'Standard coal in tce; the two bases are never added up; a coefficient that is a range gives both ends.',
      ],
      ...new Set(reasons.map(({ message }) => message)),
    ],
    head: [
      ['能耗分类', 'Energy'],
      ['用量', 'Used'],
      ['单位', 'Unit'],
      ['口径', 'Basis'],
      ['折标准煤', 'tce'],
      ['系数', 'Coefficient'],
    ],
    rows: all.flatMap(({ item, sum, coal }) =>
      bases.map(([basis, label]) => {
        const used = isReason(sum) || sum.unit === null ? [null, null] : [sum.total, sum.unit];
        return [names.of('item', item), ...used, labelled(label, lang), ...toldOf(coal[basis], lang)];
      }),
    ),
  };
}

function toldOf(coal: Coal | null | Failure, lang: Lang): (string | null)[] {
  if (coal === null || isReason(coal)) return [null, null];
  const { value, low, high, edition, isVerified } = coal;
  return [value ?? `${low} – ${high}`, isVerified ? edition : `${edition} ${labelled(UNVERIFIED, lang)}`];
}

function isReason(found: unknown): found is Failure {
  return found instanceof Failure;
}

/** The class total is metered; what its sub-items leave of it is shown, whatever its sign. */
function itemSection({ item, breakdown }: Energy, names: Names, lang: Lang): Section | null {
  const title = titled(names.label('item', item), ['分项与差额', 'items, and what is left']);
  const head: Label[] = [
    ['分项', 'Item'],
    ['属于', 'Part of'],
    ['用量', 'Used'],
    ['减下级后', 'Left of it'],
    ['单位', 'Unit'],
  ];
  if (breakdown instanceof Failure) return { title, head, rows: [], notes: [breakdown.message] };
  if (breakdown === null || breakdown.parts.length === 0) return null;
  const { parts, remainder } = breakdown;
  const rest = labelled(['差额', 'Left of the total'], lang);
  const top = parts.filter(({ partOf }) => partOf === null || partOf === item);
  const shown: [string, string | null][] = top.map(({ energyItem, consumption }) => [
    names.of('item', energyItem),
    consumption.total,
  ]);
  if (remainder) shown.push([rest, remainder.amount]);
  return {
    title,
    chart: bars(
      shown.map(([name]) => name),
      shown.map(([, total]) => total),
      parts[0]?.consumption.unit ?? '',
    ),
    height: 80 + shown.length * 30,
    head,
    rows: [
      ...parts.map(({ energyItem, partOf, consumption, remainder: left }) => [
        names.of('item', energyItem),
        partOf && names.of('item', partOf),
        consumption.total,
        left?.amount ?? null,
        consumption.unit,
      ]),
      ...(remainder ? [[rest, names.of('item', item), remainder.amount, null, remainder.unit]] : []),
    ],
  };
}

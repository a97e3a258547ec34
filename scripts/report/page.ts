import { type ChartOption, svgOf } from './chart.js';

export type Lang = 'zh' | 'en' | 'both';
/** A label in both tongues. */
export type Label = readonly [zh: string, en: string];

export interface Section {
  title: Label;
  /** What the chart shows; the table beside it has the exact figures. */
  chart?: ChartOption;
  height?: number;
  head: readonly Label[];
  rows: readonly (readonly (string | number | null)[])[];
  /** What has to be known of the figures, or why there are none. */
  notes?: readonly (Label | string)[];
}

export interface Report {
  title: Label;
  about: readonly (readonly [Label, string])[];
  sections: readonly Section[];
  madeAt: string;
}

/** Rows beyond this are counted, not shown: it keeps a page below some three megabytes. */
const MOST_ROWS = 500;

/** A chart shows it all; the figures of longer ones are folded. */
const FOLDED_ROWS = 40;
const NOTHING: Label = ['无', 'None'];
const FIGURES: Label = ['数据表', 'Figures'];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export function labelled([zh, en]: Label, lang: Lang): string {
  return lang === 'zh' ? zh : lang === 'en' || zh === en ? en : `${zh} ${en}`;
}

/** Of what, and what of it. */
export function titled([zh, en]: Label, [whatZh, whatEn]: Label): Label {
  return [`${zh}：${whatZh}`, `${en}: ${whatEn}`];
}

/** Charts and wide tables scroll in their own boxes where a screen is narrow; on paper everything is open. */
const STYLE = `:root{color-scheme:light dark}
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.6em;line-height:1.3}h2{font-size:1.2em;margin-top:2em}
figure,.wide{margin:0;overflow-x:auto}svg{display:block;width:100%;min-width:44rem;height:auto}
table{border-collapse:collapse;width:max-content;min-width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid #8884;vertical-align:top;max-width:22em}
th{white-space:nowrap}td.n,th.n{text-align:right}p.note{font-size:.93em;margin:.4em 0}
summary{cursor:pointer;margin:.4rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem}
dd{margin:0;overflow-wrap:anywhere}footer{margin-top:3em;font-size:.93em}
@media (max-width:40rem){body{margin:1rem auto}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
@media print{body{max-width:none;margin:0;font-size:11px}figure,.wide{overflow:visible}svg,table{min-width:0;width:100%}th{white-space:normal}
h2,figure,tr{break-inside:avoid}h2{break-after:avoid}details::details-content{display:block;content-visibility:visible}
summary{display:none}}`;

/** One file: no script, no address, no font from elsewhere. Whatever came from the hub is text. */
export function pageOf({ title, about, sections, madeAt }: Report, lang: Lang): string {
  const say = (label: Label): string => escaped(labelled(label, lang));
  const facts = about.map(([label, value]) => `<dt>${say(label)}</dt><dd>${escaped(value)}</dd>`).join('');
  return `<!doctype html><html lang="${lang === 'en' ? 'en' : 'zh-CN'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${say(title)}</title><style>${STYLE}</style></head>
<body><h1>${say(title)}</h1><dl>${facts}</dl>
${sections.map((section) => sectionOf(section, lang)).join('\n')}
<footer>Energy Exchange Hub · ${escaped(madeAt)}</footer></body></html>\n`;
}

function sectionOf({ title, chart, height = 260, head, rows, notes = [] }: Section, lang: Lang): string {
  const say = (label: Label): string => escaped(labelled(label, lang));
  const picture =
    chart && rows.length > 0
      ? `<figure role="img" aria-label="${say(title)}">${svgOf(chart, height)}</figure>`
      : '';
  const remarks = notes.map((note) => (typeof note === 'string' ? escaped(note) : say(note)));
  const table = rows.length === 0 ? `<p>${say(NOTHING)}</p>` : tableOf(head.map(say), rows, say(title));
  const isLong = picture !== '' && rows.length > FOLDED_ROWS;
  const figures = isLong
    ? `<details><summary>${say(FIGURES)} (${rows.length})</summary>${table}</details>`
    : table;
  return `<section><h2>${say(title)}</h2>${remarks.map((text) => `<p class="note">${text}</p>`).join('')}${picture}${figures}</section>`;
}

function tableOf(head: readonly string[], rows: Section['rows'], caption: string): string {
  const shown = rows.slice(0, MOST_ROWS);
  const figures = head.map((_, place) => shown.every((row) => isFigure(row[place] ?? null)));
  const mark = (place: number): string => (figures[place] ? ' class="n"' : '');
  const cells = (row: Section['rows'][number]): string =>
    row.map((value, place) => `<td${mark(place)}>${escaped(String(value ?? '—'))}</td>`).join('');
  const more = rows.length > MOST_ROWS ? `<p>… +${rows.length - MOST_ROWS}</p>` : '';
  const columns = head.map((name, place) => `<th scope="col"${mark(place)}>${name}</th>`).join('');
  return `<div class="wide"><table aria-label="${caption}"><thead><tr>${columns}</tr></thead><tbody>${shown
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join('')}</tbody></table></div>${more}`;
}

/** A column of figures stands to the right, also where one is not known. */
function isFigure(value: string | number | null): boolean {
  return value === null || /^-?\d+(\.\d+)?$/.test(String(value));
}

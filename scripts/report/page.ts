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
}

export interface Report {
  title: Label;
  about: readonly (readonly [Label, string])[];
  sections: readonly Section[];
  madeAt: string;
}

/** Rows beyond this are counted, not shown: it keeps a page below some three megabytes. */
const MOST_ROWS = 500;

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
  return lang === 'zh' ? zh : lang === 'en' ? en : `${zh} ${en}`;
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
figure{margin:0;overflow-x:auto}svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .7rem .25rem 0;border-bottom:1px solid #8884;vertical-align:top}td.n{text-align:right}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem}dd{margin:0}footer{margin-top:3rem;color:#888}
@media print{body{max-width:none;margin:0}section{break-inside:avoid}details>*{display:revert}}`;

/** One file: no script, no address, no font from elsewhere. Whatever came from the hub is text. */
export function pageOf({ title, about, sections, madeAt }: Report, lang: Lang): string {
  const say = (label: Label): string => escaped(labelled(label, lang));
  const facts = about.map(([label, value]) => `<dt>${say(label)}</dt><dd>${escaped(value)}</dd>`).join('');
  return `<!doctype html><html lang="${lang === 'en' ? 'en' : 'zh-CN'}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${say(title)}</title><style>${STYLE}</style></head>
<body><h1>${say(title)}</h1><dl>${facts}</dl>
${sections.map((section) => sectionOf(section, lang)).join('\n')}
<footer>Energy Exchange Hub · ${escaped(madeAt)}</footer></body></html>\n`;
}

function sectionOf({ title, chart, height = 260, head, rows }: Section, lang: Lang): string {
  const say = (label: Label): string => escaped(labelled(label, lang));
  const picture =
    chart && rows.length > 0
      ? `<figure role="img" aria-label="${say(title)}">${svgOf(chart, height)}</figure>`
      : '';
  return `<section><h2>${say(title)}</h2>${picture}${tableOf(head.map(say), rows, say(title))}</section>`;
}

function tableOf(head: readonly string[], rows: Section['rows'], caption: string): string {
  if (rows.length === 0) return '<p>—</p>';
  const cell = (value: string | number | null): string =>
    `<td${isFigure(value) ? ' class="n"' : ''}>${escaped(String(value ?? '—'))}</td>`;
  const shown = rows.slice(0, MOST_ROWS).map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  const more = rows.length > MOST_ROWS ? `<p>… +${rows.length - MOST_ROWS}</p>` : '';
  const columns = head.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<table aria-label="${caption}"><thead><tr>${columns}</tr></thead><tbody>${shown.join('')}</tbody></table>${more}`;
}

function isFigure(value: string | number | null): boolean {
  return /^-?\d+(\.\d+)?$/.test(String(value));
}

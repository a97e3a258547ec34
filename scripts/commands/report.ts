import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import type { Outcome } from '../client/output.js';
import { type Lang, pageOf, type Report } from '../report/page.js';
import { qualityReport } from '../report/quality.js';
import { subjectReport } from '../report/subject.js';

interface ReportOptions extends CallerOptions {
  out: string;
  lang: Lang;
}

type QualityOptions = ReportOptions & { date: string; area?: string };
type SubjectOptions = ReportOptions & { from: string; to: string };

/** `hub report quality|subject` */
export function reportCommand(): Command {
  const root = new Command('report')
    .summary('write one HTML page with charts: quality of a day, or a subject')
    .description('Reports as one file each: opens without a network, prints, has a table beside each chart.')
    .addHelpText(
      'after',
      `
  $ hub report quality --date 2026-11-18 --area 310000 --out quality.html --as municipal
  $ hub report subject 91310101HUB000011G --from 2026-01-01 --to 2026-10-31 --as enterprise-a`,
    );
  addOptions(root.command('quality'), 'quality.html')
    .description('who uploaded, what is missing, indices, findings, cases (数据质量日报)')
    .requiredOption('--date <day>', 'the day')
    .option('--area <code>', 'your own area by default')
    .action((options: QualityOptions) =>
      calling(options, async (client) => written(await qualityReport(client, options), options)),
    );
  addOptions(root.command('subject'), 'subject.html')
    .description(
      'energy, standard coal, items, peers, load, meters and findings of an enterprise or a building (用能报告)',
    )
    .argument('<subject>', 'unified social credit code, or code of a building')
    .requiredOption('--from <day>', 'first day')
    .requiredOption('--to <day>', 'last day')
    .action((id: string, options: SubjectOptions) =>
      calling(options, async (client) =>
        written(await subjectReport(client, id, options, options.lang), options),
      ),
    );
  return root;
}

function addOptions(command: Command, file: string): Command {
  const lang = new Option('--lang <lang>', 'labels').choices(['zh', 'en', 'both']).default('both');
  return addCallerOptions(command).option('--out <file>', 'where to write it', file).addOption(lang);
}

async function written(report: Report, { out, lang }: ReportOptions): Promise<Outcome> {
  const page = pageOf(report, lang);
  await writeFile(out, page);
  return {
    json: { file: out, bytes: Buffer.byteLength(page) },
    text: [`Wrote ${out} (${Buffer.byteLength(page)} bytes)`],
  };
}

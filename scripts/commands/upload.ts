import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { pair } from '../client/caller.js';
import { openConnection } from '../client/connection.js';
import { HubClient } from '../client/hub-client.js';
import { type Outcome, report } from '../client/output.js';
import { MEDIA_TYPES } from '../client/payload.js';
import { addSendingOptions, type FileOptions, uploadFile } from '../client/upload-file.js';

interface UploadOptions extends FileOptions {
  rejected?: string;
  out?: string;
}

/** `hub upload FILE|-`, and `hub upload --rejected BATCH` for what was quarantined. */
export function uploadCommand(): Command {
  return addSendingOptions(new Command('upload'))
    .summary('send readings to the hub and keep the signed receipt')
    .description(
      'Sends readings, NDJSON or CSV, plain, gzip or zstd. One line a meter and day {meter, date, interval, values} or ' +
        'one a reading {meter, time, value}; CSV with the header meter,date,interval,v1… or meter,time,value. Or Green ' +
        'Button XML (espi), whose usage points are meters by --meter or by their external id of the scheme espi; a wide CSV (wide), one ' +
        'column a meter; or the daily zip of a data centre (daily).',
    )
    .argument('[file]', 'what to send; - is standard input')
    .addOption(
      new Option('--format <format>', 'what it is, when name and first character do not tell').choices(
        Object.keys(MEDIA_TYPES),
      ),
    )
    .option('--with <name=value>', 'how the format is to be read, e.g. unit=Wh; may be repeated', pair)
    .option('--meter <name=meter>', 'which name in the file is which meter; may be repeated', pair)
    .option('--rejected <batch>', 'fetch the quarantined lines of an earlier upload as NDJSON')
    .option('--out <file>', 'where to write the quarantined lines (default: standard output)')
    .action((file: string | undefined, options: UploadOptions) =>
      report(options, () =>
        options.rejected === undefined
          ? uploadFile('/upload/readings', file, options)
          : rejected(options.rejected, options),
      ),
    );
}

async function rejected(batch: string, options: UploadOptions): Promise<Outcome> {
  const connection = await openConnection(options);
  const client = new HubClient(connection);
  try {
    const { body } = await client.send({
      method: 'GET',
      path: `/upload/batches/${encodeURIComponent(batch)}/quarantine`,
      headers: { accept: 'application/x-ndjson' },
    });
    if (options.out === undefined) {
      for await (const piece of body) process.stdout.write(piece as Buffer);
      return { json: undefined, text: [] };
    }
    await pipeline(body, createWriteStream(options.out));
    return {
      json: { batch, out: options.out },
      text: [`The rejected lines of ${batch} are in ${options.out}`],
    };
  } catch (error) {
    throw client.asFailure(error);
  } finally {
    await client.close();
  }
}

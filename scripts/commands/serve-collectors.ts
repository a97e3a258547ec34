import { Command } from 'commander';
import { readConfig } from '../../gateway/config.js';
import { openLog } from '../../gateway/log.js';
import { addConnectionOptions, type ConnectionOptions, openConnection } from '../client/connection.js';
import { HubClient } from '../client/hub-client.js';
import { report } from '../client/output.js';
import { readCollectorsConfig } from '../collectors/config.js';
import { Collectors } from '../collectors/server.js';
import { uploading, uploadingArchives, uploadingUnread } from '../collectors/uploading.js';
import { untilStopped } from '../serving/signals.js';

interface CollectorsOptions extends ConnectionOptions {
  config: string;
}

/** `hub serve collectors`: a client of the hub's upload door with a door of its own for collectors. */
export function serveCollectorsCommand(): Command {
  return addConnectionOptions(new Command('collectors'))
    .summary('listen for collectors (XML over TCP) and upload what they send')
    .description(
      'Listens for data collectors and hands what they send to the hub, as the tenant named. A packet is acknowledged ' +
        'once the hub’s receipt says that it is stored or quarantined.',
    )
    .requiredOption('--config <file>', 'where to listen, which peers may send and how each speaks (JSON)')
    .action((options: CollectorsOptions) =>
      report({}, async () => {
        await serve(options);
        return { json: undefined, text: [] };
      }),
    );
}

async function serve(options: CollectorsOptions): Promise<void> {
  const log = openLog(readConfig(process.env).log);
  const stopped = untilStopped();
  const connection = await openConnection(options);
  const client = new HubClient(connection);
  try {
    const collectors = await Collectors.start({
      config: await readCollectorsConfig(options.config),
      home: options.home ?? '.hub',
      upload: uploading(client, connection.ca),
      uploadArchive: uploadingArchives(client, connection.ca),
      uploadUnread: uploadingUnread(client, connection.ca),
      log,
    });
    const listening = collectors.addresses.map(({ address, port }) => `${address}:${port}`);
    process.stdout.write(`${JSON.stringify({ event: 'ready', listening })}\n`);
    await stopped;
    await collectors.stop();
  } finally {
    await client.close();
  }
}

import { Command } from 'commander';
import { serveCollectorsCommand } from './serve-collectors.js';

/** `hub serve [all|gateway|ROOM|collectors]` */
export const serveCommand = new Command('serve')
  .summary('run the hub, one room of it, or a listener for collectors')
  .description(
    'Runs the gateway with every room that HUB_ROOMS does not place elsewhere; or one room by itself.',
  )
  .argument('[what]', 'all, gateway, or the name of a room', 'all')
  .addHelpText(
    'after',
    `
Rooms apart:
  $ HUB_ROOM_PORT=9401 hub serve metering
  $ HUB_ROOMS=metering=https://localhost:9401 hub serve gateway
All processes share HUB_HOME (keys, certificates) and the database.`,
  )
  .addCommand(serveCollectorsCommand())
  .action(async (what: string) => {
    // The listener for collectors is small and need not load the hub.
    const { serveGateway, serveRoom } = await import('../serving/serve-hub.js');
    return what === 'all' || what === 'gateway' ? serveGateway() : serveRoom(what);
  });

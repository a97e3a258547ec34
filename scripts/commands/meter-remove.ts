import type { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import { instant, shown } from '../console/instants.js';

interface RemoveOptions extends CallerOptions {
  at: string;
  last?: string;
}

interface Removed {
  id: string;
  serialNumber: string;
  removedAt: string;
  lastRegister: string | null;
}

export function addRemove(meter: Command): void {
  addCallerOptions(meter.command('remove'))
    .description('record that the appliance was taken away, with none in its place')
    .argument('<meter>', 'the meter')
    .requiredOption('--at <instant>', 'until when it counted', instant)
    .option('--last <reading>', 'what its counter showed last')
    .action((meterId: string, { at, last, ...options }: RemoveOptions) =>
      calling(options, async (client) => {
        const mutation = `mutation ($removal: RemovalInput!) {
          done: removeDevice(removal: $removal) { id serialNumber removedAt lastRegister } }`;
        const removal = { meterId, removedAt: at, lastRegister: last ?? null };
        const { done } = await client.ask<{ done: Removed }>(mutation, { removal });
        const until = `${done.id} (${done.serialNumber}) counted at ${meterId} until ${shown(done.removedAt)}`;
        return { json: { device: done }, text: [until] };
      }),
    );
}

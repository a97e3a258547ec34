import { type Command, InvalidArgumentError } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openConnection } from './connection.js';
import { HubClient } from './hub-client.js';
import { addOutputOptions, type Outcome, type OutputOptions, report } from './output.js';

export type CallerOptions = ConnectionOptions & OutputOptions;

/** The options of a command that calls a hub and prints what came of it. */
export function addCallerOptions(command: Command): Command {
  return addOutputOptions(addConnectionOptions(command));
}

/** Calls the hub that the options name, as whom they name. */
export function calling<Options extends CallerOptions>(
  options: Options,
  work: (client: HubClient, options: Options) => Promise<Outcome>,
): Promise<void> {
  return report(options, async () => {
    const client = new HubClient(await openConnection(options));
    try {
      return await work(client, options);
    } finally {
      await client.close();
    }
  });
}

/** `column=value` of a repeated option, in the order given. Throws where there is no equals sign. */
export function pair(text: string, before: [string, string][] = []): [string, string][] {
  const place = text.indexOf('=');
  if (place < 1) throw new InvalidArgumentError('A name, an equals sign and a value: year=2025.');
  return [...before, [text.slice(0, place), text.slice(place + 1)]];
}

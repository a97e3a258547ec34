import type { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';

interface VisitOptions extends CallerOptions {
  case?: string;
  on: string;
  by: string;
  found: string;
  done: string;
  device?: string;
  finding?: string[];
}

/** `hub case visit <meter>` */
export function addVisit(root: Command): void {
  addCallerOptions(root.command('visit'))
    .description('record a visit to a meter (现场维护); it is never changed')
    .argument('<meter>', 'its identifier')
    .requiredOption('--on <day>', 'day of the visit')
    .requiredOption('--by <name>', 'who was there')
    .requiredOption('--found <text>', 'what was found')
    .requiredOption('--done <text>', 'what was done')
    .option('--case <id>', 'the case that it is about, cas_…')
    .option('--device <id>', 'the appliance that was put in, dev_…')
    .option('--finding <id...>', 'findings that it answers')
    .action((meter: string, options: VisitOptions) =>
      calling(options, (client) => visit(client, meter, options)),
    );
}

async function visit(client: HubClient, meterId: string, options: VisitOptions): Promise<Outcome> {
  const {
    case: caseId = null,
    on: visitedOn,
    by: visitor,
    found,
    done,
    device = null,
    finding = [],
  } = options;
  const mutation = `mutation ($visit: MaintenanceVisitInput!) { recordVisit(visit: $visit) {
    id visitedOn visitor found done device findings caseId recordedAt } }`;
  const { recordVisit: row } = await client.ask<{ recordVisit: { id: string } }>(mutation, {
    visit: { meterId, caseId, visitedOn, visitor, found, done, device, findings: finding },
  });
  return { json: { visit: row }, text: [`Recorded ${row.id}`] };
}

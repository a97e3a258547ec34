import type { ApplicationBatchInput } from '../../subgraphs/tenants/applications/inputs.js';
import type { Command } from 'commander';
import { asFailure, fault } from '../client/failure.js';
import { notesFor, type Outcome, type OutputOptions, explain } from '../client/output.js';
import { type BatchParts, withBatchParts } from '../console/application-form.js';
import { type Desk, everyNode } from '../console/desk.js';
import { FIELDS } from './application-acts.js';
import { type ApplicationRow, applicationTable } from './application-text.js';

/** For whom an act is taken: one application, or each of a batch. */
export interface Whom extends OutputOptions {
  batch?: string;
}

export function addWhom(command: Command): Command {
  return command
    .argument('[application]', 'its identifier, app_…')
    .option('--batch <batch>', 'instead: each application of this batch, apb_…');
}

/** Takes an act for one application, or for each of a batch: what is refused is reported, and the next is taken. */
export async function onEach(
  desk: Desk,
  id: string | undefined,
  options: Whom,
  act: (id: string) => Promise<Outcome>,
): Promise<Outcome> {
  const { batch } = options;
  if ((id === undefined) === (batch === undefined))
    throw fault('USAGE', 'Name an application, or a batch with --batch.');
  if (id !== undefined) return act(id);
  const applications = await ofBatch(desk, batch ?? '');
  const note = notesFor(options);
  const done: { id: string; tenant: string; outcome?: unknown; errors?: unknown }[] = [];
  const lines: string[] = [];
  for (const [place, one] of applications.entries()) {
    const facts = { id: one.id, tenant: one.tenant };
    note(`${place + 1} of ${applications.length}: ${one.tenant}`);
    try {
      const { json, text } = await act(one.id);
      done.push({ ...facts, ...(json as object) });
      lines.push(...text);
    } catch (error) {
      const failure = asFailure(error);
      done.push({ ...facts, ...failure.toJSON() });
      lines.push(`${one.id}: refused, ${explain(failure)}`);
    }
  }
  const refused = done.filter(({ errors }) => errors !== undefined).length;
  return {
    json: { batch, refused, applications: done },
    text: [...lines, `${done.length - refused} of ${done.length} done, ${refused} refused`],
    isFailure: refused > 0,
  };
}

async function ofBatch(desk: Desk, batch: string): Promise<ApplicationRow[]> {
  const query = `query ($first: Int!, $after: String, $batch: ID!) {
    applications(first: $first, after: $after, batch: $batch) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const applications = await everyNode<ApplicationRow>(desk, 'applications', query, { batch });
  if (applications.length === 0) throw fault('USAGE', `No application of a batch ${batch} is in your reach.`);
  return applications.toReversed();
}

/** Drafts an application for each enterprise of the file, all or none. */
export async function applyForBatch(
  desk: Desk,
  input: ApplicationBatchInput,
  parts: BatchParts,
): Promise<Outcome> {
  const batch = await withBatchParts(input, parts);
  const { done } = await desk.change<{ done: ApplicationRow[] }>(
    `mutation ($batch: ApplicationBatchInput!) { done: applyForConnections(batch: $batch) { ${FIELDS} } }`,
    { batch },
    () => [],
  );
  const id = done[0]?.batch ?? null;
  return { json: { batch: id, applications: done }, text: [`Batch ${id}`, ...applicationTable(done)] };
}

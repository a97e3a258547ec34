import { Command, Option } from 'commander';
import type { ApplicationFormInput } from '../../subgraphs/tenants/applications/inputs.js';
import { PAPERS, WAIVABLE } from '../../subgraphs/tenants/applications/lists.js';
import { STATES } from '../../subgraphs/tenants/applications/states.js';
import { addConnectionOptions, type ConnectionOptions } from '../client/connection.js';
import { addOutputOptions, type Outcome } from '../client/output.js';
import {
  type BatchParts,
  type FormParts,
  readApplication,
  readForm,
  withParts,
} from '../console/application-form.js';
import { atDesk, type Desk, everyNode } from '../console/desk.js';
import { listed } from '../console/instants.js';
import {
  asked,
  certificateOf,
  changesOf,
  FIELDS,
  type Opinion,
  presentForm,
  readinessOf,
  shownApplication,
  step,
} from './application-acts.js';
import { addWhom, applyForBatch, onEach, type Whom } from './application-batch.js';
import { type ApplicationRow, applicationTable } from './application-text.js';

type Options = ConnectionOptions & Whom;

/** `hub application …`: who wants to be connected is applied for, tested, and connected. */
export function applicationCommand(): Command {
  const command = new Command('application')
    .summary('apply to be connected, review, test, approve')
    .description('Applications to be connected: first tested, then connected (annexes 1 to 7).')
    .addHelpText('after', EXAMPLES);
  addForm(command);
  addOffices(command);
  addReading(command);
  return command;
}

const EXAMPLES = `
The form is JSON as ApplicationInput in schema/api.graphql (docs/examples/application.json is a sample); the common
name of a request is its tenant.id. A list of units may be CSV with the columns uscc, name, industry, place, nature,
energyKinds (01;03) and tce<year> for each of the last three years.
  $ hub application apply --form docs/examples/application.json --units units.csv --csr pudong.csr --as energy-bureau
  $ hub application submit app_… --as energy-bureau
  $ hub application apply --form docs/examples/application-batch.json --csr-folder requests --as energy-bureau
  $ hub application submit --batch apb_… --as energy-bureau
  $ hub application review app_… --act TAKE_UP --as energy-center
  $ hub application review app_… --act PASS_PROTOCOL --opinion 合格 --as energy-center
  $ hub application review app_… --act PASS_SECURITY --opinion 合格 --as info-center
  $ hub application approve app_… --for test --as municipal --purpose PLATFORM_OPERATION
  $ hub application readiness app_… --as energy-bureau
  $ hub application waive app_… --requirement TEST_TRANSMISSION --opinion '…' --evidence letter.pdf --as national
Papers: ${Object.keys(PAPERS).join(', ')}`;

function add(command: Command, name: string, description: string): Command {
  return addOutputOptions(addConnectionOptions(command.command(name))).description(description);
}

/** An act for one application or for each of a batch. */
function addAct(command: Command, name: string, description: string): Command {
  return addWhom(add(command, name, description));
}

function atEach(
  id: string | undefined,
  options: Options,
  act: (desk: Desk, id: string) => Promise<Outcome>,
): Promise<void> {
  return atDesk(options, (desk) => onEach(desk, id, options, (one) => act(desk, one)));
}

function addOpinion(command: Command): Command {
  return command
    .option('--opinion <text>', 'opinion or reason')
    .option('--evidence <file>', 'letter or signed opinion: its SHA-256 is kept, the file is not sent');
}

/** A step whose mutation takes an id and an opinion. */
function addStep(command: Command, name: string, description: string, mutation: string): void {
  addOpinion(addAct(command, name, description)).action(
    (id: string | undefined, options: Options & Opinion) =>
      atEach(id, options, (desk, one) => step(desk, mutation, one, {}, options)),
  );
}

function addParts(command: Command): Command {
  return command
    .option('--units <file>', 'list of units, CSV or JSON')
    .option('--csr <file>', 'signing request for TEST (PKCS #10, PEM)')
    .option('--formal-csr <file>', 'signing request for FORMAL')
    .option('--paper <kind=file...>', 'papers: their SHA-256 is kept, the files are not sent', listed);
}

function addForm(command: Command): void {
  addParts(add(command, 'apply', 'draft an application, or one for each enterprise of a batch'))
    .requiredOption('--form <file>', 'the form, or that of a batch, JSON')
    .option('--csr-folder <folder>', 'requests of a batch: <tenant.id>.csr and <tenant.id>.formal.csr')
    .action((options: Options & BatchParts & { form: string }) => atDesk(options, apply));
  addParts(add(command, 'amend', 'make the next version of the form; what is not named stays'))
    .argument('<application>', 'its identifier, app_…')
    .option('--form <file>', 'the form, JSON')
    .action((id: string, options: Options & FormParts & { form?: string }) =>
      atDesk(options, (desk) => amend(desk, id, options)),
    );
  addStep(command, 'submit', 'hand an application in', 'submitApplication');
  addAct(command, 'withdraw', 'withdraw an application; after its approval the approver does, upon a letter')
    .requiredOption('--opinion <text>', 'the reason')
    .option('--evidence <file>', 'the letter, with --approved')
    .option('--approved', 'as the approver, after an approval: closes its tenant')
    .action((id: string | undefined, options: Options & Opinion & { approved?: boolean }) =>
      atEach(id, options, (desk, one) =>
        options.approved
          ? step(desk, 'withdrawApproval', one, {}, options)
          : asked(desk, 'withdrawApplication', { id: one, reason: options.opinion }, 'reason: String!'),
      ),
    );
}

const REVIEWS = {
  TAKE_UP: 'reviewProtocol',
  PASS_PROTOCOL: 'reviewProtocol',
  BEGIN_TEST: 'reviewProtocol',
  CONFIRM_STABLE: 'reviewProtocol',
  PASS_SECURITY: 'reviewSecurity',
} as const;
const OFFICES = {
  protocol: 'reviewProtocol',
  security: 'reviewSecurity',
  approver: 'decideApplication',
} as const;

function addOffices(command: Command): void {
  addOpinion(addAct(command, 'review', 'take the next step of a reviewing office'))
    .addOption(new Option('--act <act>', 'which').choices(Object.keys(REVIEWS)).makeOptionMandatory())
    .action((id: string | undefined, options: Options & Opinion & { act: keyof typeof REVIEWS }) =>
      atEach(id, options, (desk, one) =>
        step(desk, REVIEWS[options.act], one, { act: options.act }, options),
      ),
    );
  addOpinion(addAct(command, 'return', 'send an application back; a stable test is opened again'))
    .addOption(
      new Option('--office <office>', 'which office you are')
        .choices(Object.keys(OFFICES))
        .makeOptionMandatory(),
    )
    .option('--test', 'open the test again instead')
    .action(
      (
        id: string | undefined,
        options: Options & Opinion & { office: keyof typeof OFFICES; test?: boolean },
      ) => {
        const act = options.test ? 'REOPEN_TEST' : 'RETURN';
        return atEach(id, options, (desk, one) => step(desk, OFFICES[options.office], one, { act }, options));
      },
    );
  addOpinion(addAct(command, 'approve', 'approve the test, or the formal connection'))
    .addOption(new Option('--for <stage>', 'which').choices(['test', 'formal']).makeOptionMandatory())
    .action((id: string | undefined, options: Options & Opinion & { for: 'test' | 'formal' }) => {
      const mutation = options.for === 'test' ? 'approveForTest' : 'approveForFormal';
      return atEach(id, options, (desk, one) => step(desk, mutation, one, {}, options));
    });
  addAct(command, 'waive', 'waive a requirement, once, for a reason given by letter; another approves then')
    .addOption(new Option('--requirement <name>', 'which').choices([...WAIVABLE]).makeOptionMandatory())
    .requiredOption('--opinion <text>', 'the reason')
    .requiredOption('--evidence <file>', 'the letter: its SHA-256 is kept, the file is not sent')
    .action((id: string | undefined, options: Options & Opinion & { requirement: string }) =>
      atEach(id, options, (desk, one) =>
        step(desk, 'waiveRequirement', one, { requirement: options.requirement }, options),
      ),
    );
  addStep(command, 'connect', 'register the tenant in the FORMAL database', 'connectApplication');
  addStep(command, 'suspend', 'suspend application and tenant; works within a second', 'suspendApplication');
  addStep(command, 'resume', 'take them up again where they were', 'resumeApplication');
}

function addReading(command: Command): void {
  add(command, 'list', 'list the applications in your reach')
    .addOption(new Option('--state <state>', 'only in this state').choices(Object.keys(STATES)))
    .option('--batch <batch>', 'only of this batch, apb_…')
    .action((options: Options & { state?: string }) => atDesk(options, list));
  add(command, 'show', 'show an application and its steps')
    .argument('<application>', 'its identifier, app_…')
    .action((id: string, options: Options) => atDesk(options, (desk) => shownApplication(desk, id)));
  add(command, 'readiness', 'say what the hub measured, what is missing and what would satisfy it')
    .argument('<application>', 'its identifier, app_…')
    .action((id: string, options: Options) => atDesk(options, (desk) => readinessOf(desk, id)));
  add(command, 'compare', 'say what a version has that an earlier one had not')
    .argument('<application>', 'its identifier, app_…')
    .argument('<from>', 'number of the earlier version', Number)
    .argument('<to>', 'number of the later one', Number)
    .action((id: string, from: number, to: number, options: Options) =>
      atDesk(options, (desk) => changesOf(desk, id, from, to)),
    );
  add(command, 'certificate', 'fetch the certificate that an approval issued')
    .argument('<application>', 'its identifier, app_…')
    .addOption(new Option('--for <stage>', 'which').choices(['test', 'formal']).makeOptionMandatory())
    .requiredOption('--out <file>', 'where to write it')
    .action((id: string, options: Options & { for: string; out: string }) =>
      atDesk(options, (desk) => certificateOf(desk, id, options)),
    );
}

async function apply(desk: Desk, options: BatchParts & { form: string }): Promise<Outcome> {
  const read = await readForm(options.form);
  if ('enterprises' in read) return applyForBatch(desk, read, options);
  const { form, ...application } = read;
  const input = { ...application, form: await withParts(form, options) };
  return asked(desk, 'applyForConnection', { application: input }, 'application: ApplicationInput!');
}

async function amend(desk: Desk, id: string, options: FormParts & { form?: string }): Promise<Outcome> {
  const present = options.form ? (await readApplication(options.form)).form : await presentForm(desk, id);
  const form: ApplicationFormInput = await withParts(present, options);
  return asked(desk, 'amendApplication', { id, form }, 'form: ApplicationFormInput!');
}

async function list(
  desk: Desk,
  { state = null, batch = null }: { state?: string | null; batch?: string | null },
): Promise<Outcome> {
  const query = `query ($first: Int!, $after: String, $state: String, $batch: ID) {
    applications(first: $first, after: $after, state: $state, batch: $batch) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const applications = await everyNode<ApplicationRow>(desk, 'applications', query, { state, batch });
  return { json: { applications }, text: applicationTable(applications) };
}

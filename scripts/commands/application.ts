import { Command, Option } from 'commander';
import type { ApplicationFormInput } from '../../subgraphs/tenants/applications/inputs.js';
import { PAPERS, WAIVABLE } from '../../subgraphs/tenants/applications/lists.js';
import { STATES } from '../../subgraphs/tenants/applications/states.js';
import { addConnectionOptions, type ConnectionOptions } from '../client/connection.js';
import { addOutputOptions, type Outcome, type OutputOptions } from '../client/output.js';
import { type FormParts, readApplication, withParts } from '../console/application-form.js';
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
import { type ApplicationRow, applicationTable } from './application-text.js';

type Options = ConnectionOptions & OutputOptions;

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

function addOpinion(command: Command): Command {
  return command
    .option('--opinion <text>', 'opinion or reason')
    .option('--evidence <file>', 'letter or signed opinion: its SHA-256 is kept, the file is not sent');
}

/** A step whose mutation takes an id and an opinion. */
function addStep(command: Command, name: string, description: string, mutation: string): void {
  addOpinion(add(command, name, description))
    .argument('<application>', 'its identifier, app_…')
    .action((id: string, options: Options & Opinion) =>
      atDesk(options, (desk) => step(desk, mutation, id, {}, options)),
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
  addParts(add(command, 'apply', 'draft an application'))
    .requiredOption('--form <file>', 'the form, JSON')
    .action((options: Options & FormParts & { form: string }) => atDesk(options, apply));
  addParts(add(command, 'amend', 'make the next version of the form; what is not named stays'))
    .argument('<application>', 'its identifier, app_…')
    .option('--form <file>', 'the form, JSON')
    .action((id: string, options: Options & FormParts & { form?: string }) =>
      atDesk(options, (desk) => amend(desk, id, options)),
    );
  addStep(command, 'submit', 'hand an application in', 'submitApplication');
  add(command, 'withdraw', 'withdraw an application; after its approval the approver does, upon a letter')
    .argument('<application>', 'its identifier, app_…')
    .requiredOption('--opinion <text>', 'the reason')
    .option('--evidence <file>', 'the letter, with --approved')
    .option('--approved', 'as the approver, after an approval: closes its tenant')
    .action((id: string, options: Options & Opinion & { approved?: boolean }) =>
      atDesk(options, (desk) =>
        options.approved
          ? step(desk, 'withdrawApproval', id, {}, options)
          : asked(desk, 'withdrawApplication', { id, reason: options.opinion }, 'reason: String!'),
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
  addOpinion(add(command, 'review', 'take the next step of a reviewing office'))
    .argument('<application>', 'its identifier, app_…')
    .addOption(new Option('--act <act>', 'which').choices(Object.keys(REVIEWS)).makeOptionMandatory())
    .action((id: string, options: Options & Opinion & { act: keyof typeof REVIEWS }) =>
      atDesk(options, (desk) => step(desk, REVIEWS[options.act], id, { act: options.act }, options)),
    );
  addOpinion(add(command, 'return', 'send an application back; a stable test is opened again'))
    .argument('<application>', 'its identifier, app_…')
    .addOption(
      new Option('--office <office>', 'which office you are')
        .choices(Object.keys(OFFICES))
        .makeOptionMandatory(),
    )
    .option('--test', 'open the test again instead')
    .action((id: string, options: Options & Opinion & { office: keyof typeof OFFICES; test?: boolean }) => {
      const act = options.test ? 'REOPEN_TEST' : 'RETURN';
      return atDesk(options, (desk) => step(desk, OFFICES[options.office], id, { act }, options));
    });
  addOpinion(add(command, 'approve', 'approve the test, or the formal connection'))
    .argument('<application>', 'its identifier, app_…')
    .addOption(new Option('--for <stage>', 'which').choices(['test', 'formal']).makeOptionMandatory())
    .action((id: string, options: Options & Opinion & { for: 'test' | 'formal' }) => {
      const mutation = options.for === 'test' ? 'approveForTest' : 'approveForFormal';
      return atDesk(options, (desk) => step(desk, mutation, id, {}, options));
    });
  add(command, 'waive', 'waive a requirement, once, for a reason given by letter; another approves then')
    .argument('<application>', 'its identifier, app_…')
    .addOption(new Option('--requirement <name>', 'which').choices([...WAIVABLE]).makeOptionMandatory())
    .requiredOption('--opinion <text>', 'the reason')
    .requiredOption('--evidence <file>', 'the letter: its SHA-256 is kept, the file is not sent')
    .action((id: string, options: Options & Opinion & { requirement: string }) =>
      atDesk(options, (desk) =>
        step(desk, 'waiveRequirement', id, { requirement: options.requirement }, options),
      ),
    );
  addStep(command, 'connect', 'register the tenant in the FORMAL database', 'connectApplication');
  addStep(command, 'suspend', 'suspend application and tenant; works within a second', 'suspendApplication');
  addStep(command, 'resume', 'take them up again where they were', 'resumeApplication');
}

function addReading(command: Command): void {
  add(command, 'list', 'list the applications in your reach')
    .addOption(new Option('--state <state>', 'only in this state').choices(Object.keys(STATES)))
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

async function apply(desk: Desk, options: FormParts & { form: string }): Promise<Outcome> {
  const { form, ...application } = await readApplication(options.form);
  const input = { ...application, form: await withParts(form, options) };
  return asked(desk, 'applyForConnection', { application: input }, 'application: ApplicationInput!');
}

async function amend(desk: Desk, id: string, options: FormParts & { form?: string }): Promise<Outcome> {
  const present = options.form ? (await readApplication(options.form)).form : await presentForm(desk, id);
  const form: ApplicationFormInput = await withParts(present, options);
  return asked(desk, 'amendApplication', { id, form }, 'form: ApplicationFormInput!');
}

async function list(desk: Desk, { state }: { state?: string }): Promise<Outcome> {
  const query = `query ($first: Int!, $after: String, $state: String) {
    applications(first: $first, after: $after, state: $state) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const applications = await everyNode<ApplicationRow>(desk, 'applications', query, { state: state ?? null });
  return { json: { applications }, text: applicationTable(applications) };
}

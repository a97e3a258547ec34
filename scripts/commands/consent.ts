import { Command, Option } from 'commander';
import { SUBJECT_CATEGORIES } from '../../gateway/policy/categories.js';
import { PURPOSES } from '../../gateway/policy/purposes.js';
import { CONSENT_STATES } from '../../subgraphs/tenants/consents/transitions.js';
import { addDeskOptions, atDesk, type DeskOptions } from '../console/desk.js';
import { instant, listed } from '../console/instants.js';
import {
  add,
  answer,
  end,
  list,
  type ListOptions,
  type RequestOptions,
  request,
  show,
  type StepOptions,
  type TermsOptions,
} from './consent-acts.js';
import { addErasures } from './consent-erasures.js';

/** `hub consent list|show|request|grant|refuse|add|revoke|terminate|fulfil|notices|acknowledge` */
export function consentCommand(): Command {
  const consent = new Command('consent')
    .summary('ask for, give, record and end the consents of data subjects')
    .description(
      'Consents: an enterprise lets one recipient have some categories for one purpose for a period.',
    )
    .addHelpText('after', EXAMPLES);
  addDeskOptions(consent.command('list'))
    .description('list the consents in your reach')
    .option('--subject <code>', 'unified social credit code of the enterprise')
    .option('--recipient <tenant>', 'who may receive')
    .addOption(new Option('--status <status>', 'only this status').choices(CONSENT_STATES))
    .action((options: ListOptions) => atDesk(options, list));
  addDeskOptions(consent.command('show'))
    .description('show one consent, with what happened to it')
    .argument('<consent>', 'its identifier, con_…')
    .action((id: string, options: DeskOptions) => atDesk(options, (desk) => show(desk, id)));
  addRequest(consent);
  addAnswers(consent);
  addAdd(consent);
  addStep(consent, 'revoke', 'take a consent back, as its subject or from its paper; works within a second');
  addStep(consent, 'terminate', 'end a consent as its recipient, which wants no more of it');
  addStep(consent, 'fulfil', 'end a consent whose purpose is fulfilled, as its subject or recipient');
  addErasures(consent);
  return consent;
}

const EXAMPLES = `
--purpose is why you call now; --for is what the recipient may use the data for.
  $ hub consent request --subject 9131… --area 310101 --category meters,readings --energy-kind 01 --finest DAY \\
      --for ENERGY_SERVICE --until 2027-12-31 --as service-co
  $ hub consent grant con_… --category readings --until 2027-06-30 --as enterprise-a      # less than was asked
  $ hub consent add --recipient service-co --category buildings,meters,readings --for ENERGY_SERVICE \\
      --until 2027-12-31 --as enterprise-a
  $ hub consent revoke con_… --as enterprise-a
  $ hub consent notices --as service-co
  $ hub consent acknowledge era_… --method "Deleted from store and backups" --as service-co
Who speaks for an enterprise has its signed paper: --evidence scan.pdf, with --subject and --area where it records.
Categories: ${SUBJECT_CATEGORIES.join(', ')}
Purposes:   ${Object.keys(PURPOSES).join(', ')}`;

const EVIDENCE = 'scan of the signed paper: its SHA-256 is kept, the file is not sent';

/** What limits a consent beside its categories; shared by those who ask, give and record. */
function addLimits(command: Command): Command {
  return command
    .option('--energy-kind <code...>', 'energy kinds, two digits: 01 is electricity (default: all)', listed)
    .option('--meter-level <level...>', 'levels of GB 17167: 1, 2, 3 (default: all)', listed)
    .addOption(
      new Option('--finest <granularity>', 'finest readings (default: AS_METERED)').choices([
        'AS_METERED',
        'HOUR',
        'DAY',
        'MONTH',
      ]),
    )
    .option('--erase-by <time>', 'by when what was received is erased, not before the end', instant);
}

const FROM = 'when it begins: the start of a day in China, or an instant (default: now)';

function addRequest(consent: Command): void {
  const command = addDeskOptions(consent.command('request'))
    .description('ask an enterprise for its consent, for yourself')
    .requiredOption('--subject <code>', 'whose data: unified social credit code')
    .requiredOption('--area <code>', 'GB/T 2260 code of the subject')
    .requiredOption('--category <name...>', 'categories of data', listed)
    .requiredOption('--for <purpose>', 'the one purpose')
    .option('--from <time>', FROM, instant)
    .requiredOption('--until <time>', 'when it ends, likewise', instant);
  addLimits(command).action((options: RequestOptions) => atDesk(options, request));
}

function addAnswers(consent: Command): void {
  const grant = addDeskOptions(consent.command('grant'))
    .description('grant what was asked for, or less: as its subject or from its paper')
    .argument('<consent>', 'its identifier, con_…')
    .option('--category <name...>', 'only these of the categories', listed)
    .option('--from <time>', 'not before this time', instant)
    .option('--until <time>', 'not after this time', instant)
    .option('--reason <text>', 'a word to the recipient')
    .option('--evidence <file>', EVIDENCE);
  addLimits(grant).action((id: string, options: StepOptions & TermsOptions) =>
    atDesk(options, (desk) => answer(desk, id, options)),
  );
  addStep(consent, 'refuse', 'refuse what was asked for, as its subject or from its paper');
}

function addAdd(consent: Command): void {
  const command = addDeskOptions(consent.command('add'))
    .description('record a consent that was given')
    .option('--subject <code>', 'whose data: unified social credit code (default: your own)')
    .option('--area <code>', 'GB/T 2260 code of the subject (default: your own)')
    .requiredOption('--recipient <tenant>', 'who may receive it')
    .requiredOption('--category <name...>', 'categories of data', listed)
    .requiredOption('--for <purpose>', 'the one purpose')
    .option('--from <time>', FROM, instant)
    .requiredOption('--until <time>', 'when it ends, likewise', instant)
    .option('--evidence <file>', EVIDENCE);
  addLimits(command).action((options: RequestOptions) => atDesk(options, add));
}

function addStep(
  consent: Command,
  name: 'refuse' | 'revoke' | 'terminate' | 'fulfil',
  description: string,
): void {
  addDeskOptions(consent.command(name))
    .description(description)
    .argument('<consent>', 'its identifier, con_…')
    .option('--reason <text>', 'why, for the others to read')
    .option('--evidence <file>', EVIDENCE)
    .action((id: string, options: StepOptions) => atDesk(options, (desk) => end(desk, name, id, options)));
}

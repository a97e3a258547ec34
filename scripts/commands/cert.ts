import { Command, InvalidArgumentError, Option } from 'commander';
import { CertificateError } from '../../certs/certificate-error.js';
import { REASONS, type Reason } from '../../certs/crl.js';
import { STAGES, type Stage } from '../../certs/names.js';
import { MONTHS } from '../../certs/period.js';
import { Failure } from '../client/failure.js';
import { type Outcome, type OutputOptions, addOutputOptions, report } from '../client/output.js';
import * as acts from './cert-acts.js';

export type { CertHooks, IssuedEvent } from './cert-acts.js';

const REASON_NAMES = Object.keys(REASONS)
  .map((name) => name.toLowerCase().replaceAll('_', '-'))
  .join(', ');

/** `hub cert init|request|issue|revoke|list|show`; exit status 1 and a line on stderr for whatever fails. */
export function certCommand(hooks: acts.CertHooks = {}): Command {
  const cert = new Command('cert')
    .summary('issue, revoke and list certificates')
    .description(
      'The hub’s certificate authority: a root, an authority for each stage, and their revocation lists.',
    )
    .addHelpText('after', EXAMPLES);
  addInit(cert);
  addRequest(cert);
  addIssue(cert, hooks);
  addRevoke(cert, hooks);
  addList(cert);
  addShow(cert);
  return cert;
}

const EXAMPLES = `
Examples:
  $ hub cert init --server-name hub.example.cn
  $ hub cert request --name district-310101       on the tenant’s own machine: its key stays there
  $ hub cert issue --name district-310101 --stage FORMAL --months 24 --csr district-310101.csr \
      --tenant district-310101 --out ./to-send
  $ hub cert issue --name newcomer --stage TEST --demo-key --tenant newcomer
  $ hub cert revoke district-310101 --reason key-compromise
  $ hub cert list --valid --json
  $ hub cert list --expiring 30
  $ hub cert show .hub/certs/ca.crt`;

function addInit(cert: Command): void {
  sub(cert, 'init', 'make the authorities and the hub’s own certificates; what exists is kept')
    .option('--server-name <host...>', 'names and addresses under which the hub is reached, beside localhost')
    .action((options: acts.InitOptions) => answer(options, () => acts.init(options)));
}

function addRequest(cert: Command): void {
  addOutputOptions(cert.command('request'))
    .description('make a key and a request for it: on the machine of the tenant, where the key stays')
    .requiredOption('--name <tenant>', 'name of the tenant: becomes the file name')
    .option('--out <folder>', 'where <name>.key and <name>.csr go', '.')
    .option('--replace', 'overwrite the files')
    .action((options: acts.RequestOptions) => answer(options, () => acts.request(options)));
}

function addIssue(cert: Command, hooks: acts.CertHooks): void {
  sub(cert, 'issue', 'issue a client certificate to a tenant')
    .requiredOption('--name <tenant>', 'name of the tenant: becomes the common name and the file name')
    .addOption(stageOption('which authority signs').makeOptionMandatory())
    .addOption(
      new Option('--months <n>', `how long it holds, as approved: ${MONTHS.join(', ')}`)
        .argParser(months)
        .conflicts('days'),
    )
    .option(
      '--days <n>',
      'the same in days, for tests and demonstrations (default: to the end of what is approved, else 365)',
      Number,
    )
    .option('--organisation <text>', 'organisation to name in the certificate')
    .option('--unit <text>', 'department to name in the certificate')
    .option('--csr <file>', 'certify the RSA key of this PKCS #10 request, which stays with the tenant')
    .addOption(
      new Option(
        '--demo-key',
        'make the key here, without a request: for demonstrations and tests',
      ).conflicts('csr'),
    )
    .option('--out <folder>', 'where <name>.crt and <name>.key go (default: certs/ in the home)')
    .option('--replace', 'overwrite the files; the certificate that they held stays valid until revoked')
    .option('--tenant <tenant>', 'register the certificate to this tenant')
    .action((options: acts.IssueOptions) => answer(options, () => acts.issue(options, hooks)));
}

function addRevoke(cert: Command, hooks: acts.CertHooks): void {
  sub(cert, 'revoke', 'revoke at once, on open connections too')
    .argument('<certificate>', 'serial, SHA-256 fingerprint, or the name, which means all of that name')
    .option('--reason <reason>', `one of ${REASON_NAMES} (default: unspecified)`, reason)
    .addOption(stageOption('of a name, only those of this stage'))
    .action((which: string, options: acts.RevokeOptions) =>
      answer(options, () => acts.revoke(which, options, hooks)),
    );
}

function addList(cert: Command): void {
  sub(cert, 'list', 'list what was issued')
    .addOption(stageOption('only of this stage'))
    .option('--valid', 'only what is valid now')
    .option('--expiring <days>', 'only what is valid now and ends within so many days', Number)
    .action((options: acts.ListOptions) => answer(options, () => acts.list(options)));
}

function addShow(cert: Command): void {
  sub(cert, 'show', 'show a certificate')
    .argument('<certificate>', 'a file in PEM, or a serial, fingerprint or name')
    .action((which: string, options: acts.CertOptions) => answer(options, () => acts.show(which, options)));
}

function stageOption(description: string): Option {
  return new Option('--stage <stage>', `${description}: ${STAGES.join(' or ')}`).argParser(stage);
}

function sub(cert: Command, name: string, description: string): Command {
  const command = cert.command(name).description(description);
  return addOutputOptions(command).addOption(
    new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'),
  );
}

/** What the authority refuses is the operator's to mend, so its sentence alone is the reason. */
function answer(options: OutputOptions, work: () => Promise<Outcome>): Promise<void> {
  return report(options, async () => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      throw new Failure({ code: 'CERT_REFUSED', message: error.message, remedy: '' }, { cause: error });
    }
  });
}

function stage(text: string): Stage {
  const name = STAGES.find((known) => known === text.toUpperCase());
  if (name) return name;
  throw new InvalidArgumentError(`It must be ${STAGES.join(' or ')}.`);
}

function months(text: string): number {
  const count = Number(text);
  if (MONTHS.some((known) => known === count)) return count;
  throw new InvalidArgumentError(`It must be one of ${MONTHS.join(', ')}.`);
}

function reason(text: string): Reason {
  const name = text.toUpperCase().replaceAll('-', '_');
  if (Object.hasOwn(REASONS, name)) return name as Reason;
  throw new InvalidArgumentError(`It must be one of ${REASON_NAMES}.`);
}

import { Command, InvalidArgumentError, Option } from 'commander';
import { CertificateError } from '../../certs/certificate-error.js';
import { REASONS, type Reason } from '../../certs/crl.js';
import { STAGES, type Stage } from '../../certs/names.js';
import { Failure } from '../client/failure.js';
import { type Outcome, addOutputOptions, report } from '../client/output.js';
import * as acts from './cert-acts.js';

export type { CertHooks, IssuedEvent } from './cert-acts.js';

const REASON_NAMES = Object.keys(REASONS)
  .map((name) => name.toLowerCase().replaceAll('_', '-'))
  .join(', ');

/** `hub cert init|issue|revoke|list|show`; exit status 1 and a line on stderr for whatever fails. */
export function certCommand(hooks: acts.CertHooks = {}): Command {
  const cert = new Command('cert')
    .summary('issue, revoke and list certificates')
    .description(
      'The hub’s certificate authority: a root, an authority for each stage, and their revocation lists.',
    )
    .addHelpText('after', EXAMPLES);
  addInit(cert);
  addIssue(cert, hooks);
  addRevoke(cert, hooks);
  addList(cert);
  addShow(cert);
  return cert;
}

const EXAMPLES = `
Examples:
  $ hub cert init --server-name hub.example.cn
  $ hub cert issue --name district-310101 --stage FORMAL --tenant district-310101
  $ hub cert issue --name newcomer --stage TEST --csr newcomer.csr --out ./to-send
  $ hub cert revoke district-310101 --reason key-compromise
  $ hub cert list --valid --json
  $ hub cert show .hub/certs/ca.crt`;

function addInit(cert: Command): void {
  sub(cert, 'init', 'make the authorities and the hub’s own certificates; what exists is kept')
    .option('--server-name <host...>', 'names and addresses under which the hub is reached, beside localhost')
    .action((options: acts.InitOptions) => answer(options, () => acts.init(options)));
}

function addIssue(cert: Command, hooks: acts.CertHooks): void {
  sub(cert, 'issue', 'issue a client certificate to a tenant')
    .requiredOption('--name <tenant>', 'name of the tenant: becomes the common name and the file name')
    .addOption(stageOption('which authority signs').makeOptionMandatory())
    .option('--days <n>', 'how long it holds (default: 365)', Number)
    .option('--organisation <text>', 'organisation to name in the certificate')
    .option('--unit <text>', 'department to name in the certificate')
    .option('--csr <file>', 'certify the RSA key of this PKCS #10 request instead of making a key')
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
function answer(options: acts.CertOptions, work: () => Promise<Outcome>): Promise<void> {
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

function reason(text: string): Reason {
  const name = text.toUpperCase().replaceAll('-', '_');
  if (Object.hasOwn(REASONS, name)) return name as Reason;
  throw new InvalidArgumentError(`It must be one of ${REASON_NAMES}.`);
}

import { Command } from 'commander';
import { asFailure } from './client/failure.js';
import { explain } from './client/output.js';

interface Entry {
  summary: string;
  /** Only the command that runs is loaded: a client on a laptop need not wait for the gateway. */
  load: () => Promise<Command>;
}

const COMMANDS: Record<string, Entry> = {
  start: {
    summary: 'run everything on this machine, with a demo city on first start',
    load: async () => (await import('./commands/start.js')).startCommand,
  },
  serve: {
    summary: 'run the hub, one room of it, or a listener for collectors',
    load: async () => (await import('./commands/serve.js')).serveCommand,
  },
  bench: {
    summary: 'measure this hub against PostgreSQL on this machine',
    load: async () => (await import('./commands/bench.js')).benchCommand,
  },
  cert: {
    summary: 'issue, revoke and list certificates',
    load: async () => {
      const { registrar } = await import('./console/registrar.js');
      return (await import('./commands/cert.js')).certCommand(registrar);
    },
  },
  tenant: {
    summary: 'register tenants and their certificates, suspend and close them',
    load: async () => (await import('./commands/tenant.js')).tenantCommand(),
  },
  purpose: {
    summary: 'declare purposes with their legal basis, approve and end them',
    load: async () => (await import('./commands/purpose.js')).purposeCommand(),
  },
  application: {
    summary: 'apply to be connected, review, test, approve',
    load: async () => (await import('./commands/application.js')).applicationCommand(),
  },
  scope: {
    summary: 'say what a tenant may do, and explain why it may or may not',
    load: async () => (await import('./commands/scope.js')).scopeCommand(),
  },
  consent: {
    summary: 'record, list and revoke the consents of data subjects',
    load: async () => (await import('./commands/consent.js')).consentCommand(),
  },
  correction: {
    summary: 'propose, approve and list corrections of archived data',
    load: async () => (await import('./commands/correction.js')).correctionCommand(),
  },
  'break-glass': {
    summary: 'change a row by hand, where two others have approved it',
    load: async () => (await import('./commands/break-glass.js')).breakGlassCommand(),
  },
  documents: {
    summary: 'publish the GraphQL documents that clients may name by their hash',
    load: async () => (await import('./commands/documents.js')).documentsCommand(),
  },
  meter: {
    summary: 'list meters, change appliances, record certificates, ask the fit-out rate',
    load: async () => (await import('./commands/meter.js')).meterCommand(),
  },
  energy: {
    summary: 'list coefficients of standard coal, and add those of an area',
    load: async () => (await import('./commands/energy.js')).energyCommand(),
  },
  statistics: {
    summary: 'publish a city’s monthly figures, list, show and acknowledge them',
    load: async () => (await import('./commands/statistics.js')).statisticsCommand(),
  },
  progress: {
    summary: 'show how far key units have come; plan, set targets, write the quarterly report',
    load: async () => (await import('./commands/progress.js')).progressCommand(),
  },
  case: {
    summary: 'work on what the quality rules found: assign, explain, repair, estimate, close',
    load: async () => (await import('./commands/case.js')).caseCommand(),
  },
  report: {
    summary: 'write one HTML page with charts: quality of a day, or a subject',
    load: async () => (await import('./commands/report.js')).reportCommand(),
  },
  upload: {
    summary: 'send readings to the hub and keep the signed receipt',
    load: async () => (await import('./commands/upload.js')).uploadCommand(),
  },
  supplies: {
    summary: 'report what was supplied, link customer numbers to meters, list the differences',
    load: async () => (await import('./commands/supplies.js')).suppliesCommand(),
  },
  import: {
    summary: 'register buildings and meters and send the readings of a wide CSV',
    load: async () => (await import('./commands/import.js')).importCommand(),
  },
  pull: {
    summary: 'download, verify and acknowledge daily packages',
    load: async () => (await import('./commands/pull.js')).pullCommand(),
  },
  package: {
    summary: 'list, show and verify downloaded packages',
    load: async () => (await import('./commands/package.js')).packageCommand(),
  },
  ledger: {
    summary: 'read, prove and verify the log of decisions and releases',
    load: async () => {
      const { ledgerCommand } = await import('./commands/ledger.js');
      return ledgerCommand({
        openLedger: async (...which) => (await import('./console/ledger-place.js')).openLedger(...which),
      });
    },
  },
  disclosures: {
    summary: 'list who received an enterprise’s data, with proofs, and verify them offline',
    load: async () => (await import('./commands/disclosures.js')).disclosuresCommand(),
  },
  rollups: {
    summary: 'compare the sums of readings with the readings, and make them anew',
    load: async () => (await import('./commands/rollups.js')).rollupsCommand(),
  },
  quality: {
    summary: 'judge days of readings as a whole, as the hub does every night',
    load: async () => (await import('./commands/quality.js')).qualityCommand(),
  },
  schema: {
    summary: 'write the GraphQL schemas and the list of migrations into schema/',
    load: async () => (await import('./commands/schema.js')).schemaCommand(),
  },
  check: {
    summary: 'compare schema/, the migrations, the entities and the database’s walls',
    load: async () => (await import('./commands/check.js')).checkCommand(),
  },
};

async function root(asked: string | undefined): Promise<Command> {
  const hub = new Command('hub')
    .description('Energy Exchange Hub')
    .showHelpAfterError('(hub help COMMAND shows the options)');
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    hub.addCommand(name === asked ? await load() : new Command(name).summary(summary));
  }
  return hub;
}

// A pipe that was closed at the other end, as by `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const [first, second] = process.argv.slice(2);
const hub = await root(first === 'help' ? second : first);
const LAST_WORDS_MS = 500;

/** Nobody is shown a stack trace, but whoever asks for it with HUB_LOG=debug. */
async function explainFailure(error: unknown): Promise<void> {
  const { inPlainWords } = await import('./serving/plain-words.js');
  const failure = inPlainWords(error) ?? asFailure(error);
  process.exitCode = 1;
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(failure)}\n`);
  else process.stderr.write(`${explain(failure)}\n`);
  if (process.env['HUB_LOG'] === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  // A hub that failed half-way may hold connections and timers that would keep the process for ever.
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
}

try {
  await hub.parseAsync();
} catch (error) {
  await explainFailure(error);
}

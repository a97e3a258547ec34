import { resolve } from 'node:path';
import { z } from 'zod';
import { hoursOf } from './demand/allowance.js';
import { TRUSTED_MODES } from './demand/sources.js';

const port = z.coerce.number().int().min(0).max(65535);
const count = z.coerce.number().int().min(1);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** `metering=https://127.0.0.1:9401,audits=…`: rooms that run as processes of their own. */
const addresses = list.transform((entries, context) => {
  const pairs = entries.map((entry) => entry.split('='));
  for (const [name, url] of pairs) {
    if (!name || !url?.startsWith('https://')) {
      context.addIssue({ code: 'custom', message: `"${name}" needs the form room=https://host:port` });
    }
  }
  return Object.fromEntries(pairs) as Record<string, string>;
});

/** Objects a minute; 0 is no budget at all. */
const budget = z.coerce.number().int().min(0);

const hours = z.string().transform((text, context) => {
  const read = hoursOf(text);
  if (!read) context.addIssue({ code: 'custom', message: `"${text}" needs the form 22-6` });
  return read ?? z.NEVER;
});

/** Every setting, its default and what it is for; the README prints the same table and a test compares the two. */
export const SETTINGS = {
  HUB_HOME: z
    .string()
    .default('.hub')
    .transform((path) => resolve(path)),
  HUB_HOST: z.string().default('127.0.0.1'),
  HUB_PORT: port.default(8443),
  HUB_OPS_PORT: port.default(9090),
  HUB_SERVER_NAMES: list.default([]),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  HUB_DATABASE_POOL: count.max(500).default(16),
  HUB_ROOMS: addresses.default({}),
  HUB_ROOM_PORT: port.default(0),
  HUB_ROOM_SECONDS: count.max(600).default(30),
  HUB_CONSENT_ANSWER_DAYS: count.max(3_660).default(30),
  HUB_ERASURE_DAYS: count.max(3_660).default(30),
  HUB_HOUSEKEEPING_SECONDS: count.max(86_400).default(60),
  HUB_STATISTICS_DAY: z.coerce.number().int().min(0).max(28).default(10),
  HUB_STATISTICS_FEWEST_SUBJECTS: count.min(3).max(1_000).default(3),
  HUB_STATISTICS_P_PERCENT: z.coerce.number().min(1).max(100).default(10),
  HUB_STATISTICS_LARGEST_SHARE_PERCENT: z.coerce.number().min(50).max(99).default(85),
  HUB_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  HUB_BODY_BYTES: count.default(1_048_576),
  HUB_TRACES_URL: z.url({ protocol: /^https?$/ }).optional(),
  HUB_TRACES_PERCENT: z.coerce.number().min(0).max(100).default(100),
  HUB_DRAIN_SECONDS: z.coerce.number().int().min(0).max(600).default(0),
  HUB_END_SECONDS: count.max(86_400).default(600),
  HUB_CLIENT_SECONDS: count.max(3_600).default(60),
  HUB_TENANT_HELD_BYTES: count.default(268_435_456),
  HUB_QUERY_TOKENS: count.default(4_000),
  HUB_QUERY_DEPTH: count.default(15),
  HUB_QUERY_FIELDS: count.default(2_000),
  HUB_QUERY_ALIASES: count.default(200),
  HUB_QUERY_ROOT_FIELDS: count.default(100),
  HUB_QUERY_DIRECTIVES: count.default(100),
  HUB_QUERY_OBJECTS: count.default(200_000),
  HUB_BUDGET_ATTENDED: budget.default(100_000_000),
  HUB_BUDGET_UNATTENDED: budget.default(300_000_000),
  HUB_BUDGET_NIGHT: budget.default(600_000_000),
  HUB_NIGHT_HOURS: hours.prefault('22-6'),
  HUB_OPERATIONS: count.default(128),
  HUB_TENANT_OPERATIONS: count.default(32),
  HUB_TENANT_TRANSFERS: count.default(16),
  HUB_TENANT_QUEUE: count.default(256),
  HUB_QUEUE_SECONDS: count.max(3_600).default(30),
  HUB_TRUSTED_DOCUMENTS: z.enum(TRUSTED_MODES).default('also'),
  HUB_INTROSPECTION: z.stringbool().default(true),
};

export const SETTING_NAMES = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

const schema = z.object(SETTINGS).transform((values) =>
  Object.freeze({
    home: values.HUB_HOME,
    host: values.HUB_HOST,
    port: values.HUB_PORT,
    opsPort: values.HUB_OPS_PORT,
    serverNames: values.HUB_SERVER_NAMES,
    databaseUrl: values.DATABASE_URL,
    databasePool: values.HUB_DATABASE_POOL,
    rooms: values.HUB_ROOMS,
    roomPort: values.HUB_ROOM_PORT,
    roomSilenceMs: values.HUB_ROOM_SECONDS * 1_000,
    housekeepingMs: values.HUB_HOUSEKEEPING_SECONDS * 1_000,
    periods: Object.freeze({
      consentAnswer: values.HUB_CONSENT_ANSWER_DAYS,
      erasure: values.HUB_ERASURE_DAYS,
      statisticsDay: values.HUB_STATISTICS_DAY,
    }),
    disclosureRules: Object.freeze({
      fewestSubjects: values.HUB_STATISTICS_FEWEST_SUBJECTS,
      pPercent: values.HUB_STATISTICS_P_PERCENT,
      largestSharePercent: values.HUB_STATISTICS_LARGEST_SHARE_PERCENT,
    }),
    log: values.HUB_LOG,
    traces: Object.freeze({ url: values.HUB_TRACES_URL, percent: values.HUB_TRACES_PERCENT }),
    drainMs: values.HUB_DRAIN_SECONDS * 1_000,
    clientMs: values.HUB_CLIENT_SECONDS * 1_000,
    endMs: values.HUB_END_SECONDS * 1_000,
    tenantHeldBytes: values.HUB_TENANT_HELD_BYTES,
    limits: Object.freeze({
      bodyBytes: values.HUB_BODY_BYTES,
      tokens: values.HUB_QUERY_TOKENS,
      depth: values.HUB_QUERY_DEPTH,
      fields: values.HUB_QUERY_FIELDS,
      aliases: values.HUB_QUERY_ALIASES,
      rootFields: values.HUB_QUERY_ROOT_FIELDS,
      directives: values.HUB_QUERY_DIRECTIVES,
      objects: values.HUB_QUERY_OBJECTS,
    }),
    demand: Object.freeze({
      budgets: Object.freeze({
        attended: values.HUB_BUDGET_ATTENDED,
        unattended: values.HUB_BUDGET_UNATTENDED,
        night: values.HUB_BUDGET_NIGHT,
        nightHours: values.HUB_NIGHT_HOURS,
      }),
      operations: values.HUB_OPERATIONS,
      tenantOperations: values.HUB_TENANT_OPERATIONS,
      tenantTransfers: values.HUB_TENANT_TRANSFERS,
      queue: values.HUB_TENANT_QUEUE,
      patienceMs: values.HUB_QUEUE_SECONDS * 1_000,
    }),
    trustedDocuments: values.HUB_TRUSTED_DOCUMENTS,
    introspection: values.HUB_INTROSPECTION,
  }),
);

export type Config = z.output<typeof schema>;

/** Settings that cannot be used: all faults at once, one a line, without their values where those may be secret. */
export class ConfigurationError extends Error {}

/**
 * The configuration, read once. Empty variables count as not set.
 *
 * @throws ConfigurationError
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, environment[name] === '' ? undefined : environment[name]]),
  );
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new ConfigurationError(`The configuration has ${faults.length} fault(s):\n${faults.join('\n')}`);
}

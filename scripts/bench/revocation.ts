import { setTimeout as pause } from 'node:timers/promises';
import { openAuthority } from '../../certs/authority.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import type { HubClient } from '../client/hub-client.js';
import { atConsole } from '../console/session.js';
import { attachDatabase } from '../database/open.js';
import type { BenchHub, BenchParty } from './bench-hub.js';
import {
  type Credentials,
  DAY,
  type Doing,
  lastByte,
  type Outcome,
  pair,
  poolOf,
} from './revocation-recipient.js';
import { quantile } from './timing.js';

/** Milliseconds from the answer to the revocation to the last byte that its recipient was still answered with. */
export interface RevocationFigures {
  name: string;
  what: 'certificate' | 'consent';
  while: Doing;
  trials: number;
  p50: number;
  p99: number;
  max: number;
  /** The same from when the revocation was sent. */
  afterSending: { p50: number; p99: number; max: number };
  /** Bytes of the download that came after the revocation was sent; the most of all trials. */
  bytesAfter: number;
}

const TRIALS = 200;
/** Recipients at once: more would measure how busy the machine is. */
const LANES = 2;
const SUBJECT = '91310101HUB000011G';
const AREA = '310101';

const lane = (place: number): string => `bench-third-${place}`;
const READS = ['readings:read', 'meters:read', 'packages:read', 'packages:write'];

const PARTIES: BenchParty[] = [
  { id: 'bench-operator', tier: 'MUNICIPAL', area: '310000', permissions: ['tenants:read', 'tenants:write'] },
  {
    id: 'bench-subject',
    tier: 'ENTERPRISE',
    area: AREA,
    uscc: SUBJECT,
    permissions: ['consents:read', 'consents:write'],
  },
  ...Array.from({ length: LANES }, (_, place): BenchParty => ({
    id: lane(place),
    tier: 'THIRD_PARTY',
    area: '310000',
    permissions: READS,
  })),
];

export async function benchRevocation(
  hub: BenchHub,
  say: (text: string) => void,
): Promise<RevocationFigures[]> {
  await hub.register(PARTIES);
  await load(hub);
  await pause(500);
  const [operator, subject] = [await hub.client('bench-operator'), await hub.client('bench-subject')];
  try {
    const figures: RevocationFigures[] = [];
    for (const what of ['consent', 'certificate'] as const) {
      for (const doing of ['idle', 'download'] as const) {
        say(`  ${what}, ${doing}: ${TRIALS} trials`);
        const trial =
          what === 'consent' ? consentTrial(hub, subject) : certificateTrial(hub, subject, operator);
        figures.push(await measured({ what, while: doing }, trial));
      }
    }
    return figures;
  } finally {
    await Promise.all([operator.close(), subject.close()]);
  }
}

/** A package of one part of some megabytes, about one subject. */
async function load({ admin }: BenchHub): Promise<void> {
  await admin.query(
    `insert into metering.meter (id, name, subject, area, level, energy_item, unit, interval_minutes, platform)
     select 'bench-' || n, 'Bench', $1, $2, 1, '01000', 'kWh', 1, 'bench-district' from generate_series(1, 1000) as n`,
    [SUBJECT, AREA],
  );
  await admin.query('select metering.ensure_month($1)', [DAY]);
  await admin.query(
    `insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
     select $1, id, area, subject, 1, 0, made.values, 0, 1440, 'bench' from metering.meter cross join lateral (
       select array_agg((random() * 1e9)::bigint) as values from generate_series(1, 1440) where id <> '') as made`,
    [DAY],
  );
}

/** Sets up, revokes, and answers when the last byte came. */
type Trial = (recipient: string, doing: Doing) => Promise<Outcome>;

async function measured(
  what: Pick<RevocationFigures, 'what' | 'while'>,
  trial: Trial,
): Promise<RevocationFigures> {
  const outcomes: Outcome[] = [];
  const lanes = Array.from({ length: LANES }, async (_, place) => {
    for (let round = place; round < TRIALS; round += LANES)
      outcomes.push(await trial(lane(place), what.while));
  });
  await Promise.all(lanes);
  return {
    name: 'revocation',
    ...what,
    trials: outcomes.length,
    ...spread(outcomes.map(({ afterAnswer }) => afterAnswer)),
    afterSending: spread(outcomes.map(({ afterSending }) => afterSending)),
    bytesAfter: Math.max(...outcomes.map(({ bytesAfter }) => bytesAfter)),
  };
}

function spread(times: number[]): { p50: number; p99: number; max: number } {
  const [p50 = 0, p99 = 0, max = 0] = [0.5, 0.99, 1].map((share) => Math.round(quantile(times, share)));
  return { p50, p99, max };
}

function consentTrial(hub: BenchHub, subject: HubClient): Trial {
  return async (recipient, doing) => {
    const id = await consent(subject, recipient);
    const pool = await poolOf(hub, await pair(hub, recipient));
    try {
      return await lastByte(pool, doing, () =>
        subject.ask('mutation ($id: ID!) { revokeConsent(id: $id) { status } }', { id }),
      );
    } finally {
      await pool.destroy();
    }
  };
}

function certificateTrial(hub: BenchHub, subject: HubClient, operator: HubClient): Trial {
  const known = new Set<string>();
  return async (recipient, doing) => {
    if (!known.has(recipient)) await consent(subject, recipient);
    known.add(recipient);
    const { fingerprint, ...credentials } = await newCertificate(hub, recipient);
    const pool = await poolOf(hub, credentials);
    try {
      return await lastByte(pool, doing, () =>
        operator.ask(
          'mutation ($id: ID!) { revokeCertificate(fingerprint: $id, reason: "KEY_COMPROMISE") { status } }',
          { id: fingerprint },
        ),
      );
    } finally {
      await pool.destroy();
    }
  };
}

async function consent(subject: HubClient, recipient: string): Promise<string> {
  const { recordConsents } = await subject.ask<{ recordConsents: [{ id: string }] }>(
    'mutation ($consents: [ConsentInput!]!) { recordConsents(consents: $consents) { id } }',
    {
      consents: [
        {
          ...{ subject: SUBJECT, area: AREA, recipient, categories: ['readings', 'meters'] },
          ...{
            purpose: 'DATA_REPORTING',
            validFrom: '2020-01-01T00:00:00Z',
            validTo: '2100-01-01T00:00:00Z',
          },
        },
      ],
    },
  );
  return recordConsents[0].id;
}

/** A day shorter than the first, whose end is what is approved. */
async function newCertificate(
  { home }: BenchHub,
  tenant: string,
): Promise<Credentials & { fingerprint: string }> {
  const { certificate, key, fingerprint, serial, notBefore, notAfter } = await (
    await openAuthority(home)
  ).issueClient({ name: tenant, stage: 'FORMAL', days: 364 });
  const { url } = await attachDatabase({ home, log: () => undefined });
  const urls = await prepareDatabases(url, await rolePasswords(home));
  const period = { notBefore: new Date(notBefore).toISOString(), notAfter: new Date(notAfter).toISOString() };
  await atConsole('FORMAL', urls, ({ certificates }) =>
    certificates.registerCertificates([{ tenant, fingerprint, serial, ...period }]),
  );
  return { cert: certificate, key, fingerprint };
}

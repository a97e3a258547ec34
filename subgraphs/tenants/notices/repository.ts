import DataLoader from 'dataloader';
import { NOTICE_DAYS } from '../../../gateway/policy/certificates.js';
import type { BulkSession } from '../../runtime/bulk.js';
import type { Chore, Due, Gauge } from '../../runtime/housekeeping.js';
import type { Session } from '../../runtime/session.js';
import type { CertificateNotice } from './entities.js';

export class NoticeRepository {
  readonly #session: Session;

  readonly of = new DataLoader<string, CertificateNotice[]>(async (fingerprints) => {
    const rows = await this.#session.rows<CertificateNotice & { fingerprint: string }>(
      `select fingerprint, days, noticed_at as "noticedAt" from tenants.certificate_notice
       where fingerprint = any($1) order by days desc`,
      [fingerprints],
    );
    const byFingerprint = Map.groupBy(rows, ({ fingerprint }) => fingerprint);
    return fingerprints.map((fingerprint) => byFingerprint.get(fingerprint) ?? []);
  });

  constructor(session: Session) {
    this.#session = session;
  }
}

const MOST_AT_ONCE = 200;

/** Of several thresholds that were passed while the hub was off, the nearest to the end is noticed, once. */
const DUE = `
  select certificate.fingerprint, certificate.tenant, passed.days,
    floor(extract(epoch from certificate.not_after - now()) / 86400)::int as "daysLeft"
  from tenants.certificate
  cross join lateral (
    select min(days) as days from unnest($1::int[]) as days
    where certificate.not_after <= now() + make_interval(days => days)
  ) as passed
  where certificate.status <> 'REVOKED' and certificate.not_after > now() and passed.days is not null
    and not exists (
      select from tenants.certificate_notice as told
      where told.fingerprint = certificate.fingerprint and told.days <= passed.days)
  order by certificate.not_after, certificate.fingerprint limit $2`;

/** The hub's own look at what ends soon: a row, a line in the log and an entry in the ledger for each threshold. */
export const expiryNotices: Chore = {
  requires: ['tenants:read'],
  due: (session) =>
    session.transaction(async (client) => {
      const { rows } = await client.query<{
        fingerprint: string;
        tenant: string;
        days: number;
        daysLeft: number;
      }>(DUE, [[...NOTICE_DAYS], MOST_AT_ONCE]);
      return rows.map(({ fingerprint, tenant, days, daysLeft }): Due => ({
        act: 'CERTIFICATE_EXPIRING',
        isUrgent: true,
        object: fingerprint,
        note: { tenant, days, daysLeft },
      }));
    }),
  perform: (session, due) =>
    session.transaction(async (client) => {
      await client.query(
        `insert into tenants.certificate_notice (fingerprint, days)
         select * from unnest($1::text[], $2::smallint[]) on conflict do nothing`,
        [due.map(({ object }) => object), due.map(({ note }) => note?.['days'])],
      );
    }),
  gauges,
};

async function gauges(session: BulkSession): Promise<Gauge[]> {
  return session.transaction(async (client) => {
    const { rows } = await client.query<{ live: number; month: number; week: number }>(
      `select count(*)::int as live,
         count(*) filter (where not_after <= now() + interval '30 days')::int as month,
         count(*) filter (where not_after <= now() + interval '7 days')::int as week
       from tenants.certificate where status <> 'REVOKED' and not_after > now()`,
    );
    const { live = 0, month = 0, week = 0 } = rows[0] ?? {};
    return [
      {
        name: 'certificates_live',
        help: 'Certificates of tenants that are neither revoked nor over',
        value: live,
      },
      { name: 'certificates_ending_30_days', help: 'Of these, those that end within 30 days', value: month },
      { name: 'certificates_ending_7_days', help: 'Of these, those that end within 7 days', value: week },
    ];
  });
}

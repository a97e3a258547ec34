import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifySigned } from '../../scripts/client/signature.js';
import { aConsent, until } from '../world/admin.js';
import type { Caller } from '../world/caller.js';
import { smallCity } from '../world/city.js';
import { USCC_A } from '../world/parties.js';
import { openWorld, type World } from '../world/world.js';
import { aRequest, ask, step } from './consent-steps.js';

const TERMS = 'categories energyKinds meterLevels finest validFrom validTo eraseBy';
const NOTICE = 'id cause eraseBy state isOverdue notice signature acknowledgement { method receipt }';

let world: World;
let service: Caller;
let enterprise: Caller;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld({ settings: { HUB_HOUSEKEEPING_SECONDS: '1' } });
  await smallCity(world);
  service = world.as('service-co');
  enterprise = world.as('enterprise-a');
  operator = world.as('municipal').for('SUPERVISION');
}, 60_000);
afterAll(() => world.close());

interface Notice {
  id: string;
  cause: string;
  eraseBy: string;
  state: string;
  isOverdue: boolean;
  notice: string;
  signature: string;
  acknowledgement: { method: string; receipt: string } | null;
}

async function given(rest: object = {}): Promise<string> {
  const text = 'mutation ($rows: [ConsentInput!]!) { done: recordConsents(consents: $rows) { id } }';
  const { done } = await enterprise.mustAsk<{ done: [{ id: string }] }>(text, { rows: [aConsent(rest)] });
  return done[0].id;
}

async function noticeOf(caller: Caller, id: string): Promise<Notice | null> {
  const text = `query ($id: ID!) { consent(id: $id) { erasureNotice { ${NOTICE} } } }`;
  const { consent } = await caller.mustAsk<{ consent: { erasureNotice: Notice | null } }>(text, { id });
  return consent.erasureNotice;
}

const verified = async (text: string, signature: string): Promise<Record<string, unknown>> => {
  await verifySigned(Buffer.from(text), signature, readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8'));
  return JSON.parse(text) as Record<string, unknown>;
};

test('what is granted counts, what was asked stays readable, and so does who did what', async () => {
  const id = await ask(service);
  const terms = { categories: ['buildings'], validTo: '2080-01-01T00:00:00Z' };
  expect(await step(enterprise, 'grantConsent', { id, terms, reason: 'As discussed' })).toBe('GRANTED');
  await world.registryCatchesUp();

  const seen = await service.ask('{ buildings { nodes { id } } meters { nodes { id } } }');
  expect(seen).toMatchObject({
    data: { buildings: { nodes: [{ id: '310101A001' }, { id: '310101B001' }] }, meters: null },
    errors: [{ path: ['meters'], extensions: { code: 'CONSENT_REQUIRED' } }],
  });
  const query = `query ($id: ID!) { consent(id: $id) { status ${TERMS} grantedBy
    events { number fromStatus status actor tenant reason categories validTo } } }`;
  for (const caller of [service, enterprise, operator]) {
    expect(await caller.mustAsk(query, { id })).toMatchObject({
      consent: {
        status: 'GRANTED',
        ...terms,
        grantedBy: 'enterprise-a',
        events: [
          {
            number: 1,
            fromStatus: 'NONE',
            status: 'REQUESTED',
            actor: 'RECIPIENT',
            tenant: 'service-co',
            categories: ['buildings', 'meters'],
            validTo: '2090-01-01T00:00:00Z',
          },
          {
            number: 2,
            fromStatus: 'REQUESTED',
            status: 'GRANTED',
            actor: 'SUBJECT',
            tenant: 'enterprise-a',
            reason: 'As discussed',
            ...terms,
          },
        ],
      },
    });
  }
  expect(await world.as('district-310104').ask(query, { id })).toMatchObject({ data: { consent: null } });
  expect(await step(service, 'fulfilConsent', { id })).toBe('FULFILLED');
});

test.each([
  ['REVOKED', 'revokeConsent', 'subject'],
  ['TERMINATED', 'terminateConsent', 'recipient'],
  ['FULFILLED', 'fulfilConsent', 'recipient'],
] as const)(
  'a consent that ends as %s gives its recipient a signed notice to erase, which it acknowledges',
  async (cause, mutation, by) => {
    const id = await given({ eraseBy: '2100-02-01T00:00:00Z' });
    expect(await step(by === 'subject' ? enterprise : service, mutation, { id, reason: 'Enough' })).toBe(
      cause,
    );

    const notice = await noticeOf(service, id);
    expect(notice).toMatchObject({ cause, state: 'OPEN', isOverdue: false, acknowledgement: null });
    const text = await verified(notice!.notice, notice!.signature);
    expect(text).toMatchObject({
      format: 'hub-erasure-notice/1',
      notice: notice!.id,
      consent: id,
      cause,
      recipient: 'service-co',
      subject: USCC_A,
      categories: ['buildings', 'meters'],
      purpose: 'ENERGY_SERVICE',
      eraseBy: new Date(notice!.eraseBy).toISOString(),
      checkpoint: expect.any(Object),
    });
    const days = (Date.parse(notice!.eraseBy) - Date.now()) / 86_400_000;
    // Taken back: within thirty days. Any other end: as agreed.
    expect(Math.round(days) === 30).toBe(cause === 'REVOKED');

    const text2 = `mutation ($id: ID!, $at: Instant!, $method: String!) {
      done: acknowledgeErasure(id: $id, erasedAt: $at, method: $method) { receipt signature } }`;
    const method = 'Deleted from store and backups';
    const acknowledge = (caller: Caller, at = new Date().toISOString(), how = method) =>
      caller.ask(text2, { id: notice!.id, at, method: how });
    for (const how of ['', 'x'.repeat(501)]) {
      const { errors } = await acknowledge(service, undefined, how);
      expect(errors).toMatchObject([{ message: expect.stringMatching(/^method says what was erased/) }]);
    }
    for (const other of [enterprise, operator])
      expect((await acknowledge(other)).errors?.[0]?.extensions).toMatchObject({
        code: 'ROW_OUT_OF_REACH',
        remedy: expect.stringMatching(/to acknowledge it\.$/),
      });
    expect((await acknowledge(service, '2099-01-01T00:00:00Z')).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    const { data } = await acknowledge(service);
    const { receipt, signature } = (data as { done: { receipt: string; signature: string } }).done;
    expect(await verified(receipt, signature)).toMatchObject({
      format: 'hub-erasure-receipt/1',
      notice: notice!.id,
      method: 'Deleted from store and backups',
    });
    expect((await acknowledge(service)).data).toEqual({ done: { receipt, signature } });
    for (const caller of [service, enterprise, operator])
      expect(await noticeOf(caller, id)).toMatchObject({
        state: 'ACKNOWLEDGED',
        acknowledgement: { receipt },
      });
  },
);

test('what nobody answers or ends expires by itself, is in the ledger, and its recipient is told', async () => {
  const soon = new Date(Date.now() + 700).toISOString();
  const [consent, request] = [
    await given({ validTo: soon }),
    await ask(service, aRequest({ validTo: soon })),
  ];
  const query = `query ($id: ID!) { consent(id: $id) { status endedAt events { status actor tenant } } }`;
  const status = async (id: string) =>
    (await enterprise.mustAsk<{ consent: { status: string } }>(query, { id })).consent.status;
  expect([await status(consent), await status(request)]).toEqual(['GRANTED', 'REQUESTED']);

  await until(async () => (await status(consent)) === 'EXPIRED' && (await status(request)) === 'EXPIRED');

  expect(await enterprise.mustAsk(query, { id: consent })).toMatchObject({
    consent: { events: [{ status: 'GRANTED' }, { status: 'EXPIRED', actor: 'HUB', tenant: 'hub' }] },
  });
  expect(await noticeOf(service, consent)).toMatchObject({ cause: 'EXPIRED', state: 'OPEN' });
  expect(await noticeOf(service, request)).toBeNull();
  const entries = await world.sql<{ object: string }>(
    `select facts::jsonb ->> 'object' as object from ledger.entry
     where facts::jsonb ->> 'act' = 'CONSENT_EXPIRED' and facts::jsonb ->> 'actor' = 'hub'`,
  );
  expect(entries.map(({ object }) => object).toSorted()).toEqual([consent, request].toSorted());
});

test('a notice whose time is over is listed as overdue for subject, operator and recipient, and counted', async () => {
  const over = '2021-01-01T00:00:00Z';
  const id = await given({ validTo: over, eraseBy: over });
  await until(async () => (await noticeOf(service, id)) !== null);
  const query = '{ erasureNotices(state: "OVERDUE") { nodes { consent isOverdue } } }';

  for (const caller of [service, enterprise, operator])
    expect(await caller.mustAsk(query)).toEqual({
      erasureNotices: { nodes: [{ consent: id, isOverdue: true }] },
    });
  const count = async (): Promise<boolean> =>
    /^hub_erasures_overdue\{stage="FORMAL"\} 1$/m.test(
      await (await fetch(`${world.hub.operationsUrl}/metrics`)).text(),
    );
  await until(count);
  expect(await enterprise.ask('{ erasureNotices(state: "LOST") { nodes { id } } }')).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

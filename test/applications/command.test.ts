import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRequest } from '../../certs/request.js';
import { builtHub, jsonOf } from '../scripts/built-hub.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { aCertificate, aForm, aKey, anApplication, freshKey } from './application.js';
import { Caller } from '../world/caller.js';

const YEAR = new Date().getUTCFullYear();
const OPERATOR = ['--as', 'municipal', '--purpose', 'PLATFORM_OPERATION'];
const HEAD = `uscc,name,industry,place,nature,energyKinds,tce${YEAR - 3},tce${YEAR - 2},tce${YEAR - 1}`;

interface Told {
  application: { id: string; state: string; version: number };
}

/** An enterprise that connects directly (annexes 2, 5 and 6), by command, with every room in a process of its own. */
describe('hub application', () => {
  let world: World;
  let form: string;
  beforeAll(async () => {
    world = await openWorld({ rooms: 'apart' });
    form = file(
      'form.json',
      JSON.stringify(
        anApplication({
          kind: 'ENTERPRISE',
          tenant: {
            id: 'pudong',
            name: '测试用能单位',
            tier: 'ENTERPRISE',
            area: '310115',
            uscc: usccOf(15),
          },
          form: aForm({ units: [], numberOfUnits: 0, certificates: [aCertificate({ csr: '' })] }),
        }),
      ),
    );
    file('request.csr', aCertificate().csr);
    file(
      'units.csv',
      `${HEAD}\n${usccOf(15)},测试用能单位,4411,310115,有限责任公司,01;03,1000,1100.5,1200\n`,
    );
  }, 120_000);
  afterAll(() => world.close());

  const file = (name: string, content: string): string => {
    const path = join(world.home, name);
    writeFileSync(path, content);
    return path;
  };
  const hub = (...args: string[]) => builtHub(world, ['application', ...args]);
  const told = (...args: string[]) => jsonOf<Told>(world, ['application', ...args]);
  const parts = () => ['--units', join(world.home, 'units.csv'), '--csr', join(world.home, 'request.csr')];

  test.each<[string[], RegExp]>([
    [['apply', '--form', 'nowhere.json'], /^FILE_UNUSABLE: nowhere.json cannot be read/],
    [['apply', '--form', 'package.json'], /^FILE_UNUSABLE: package.json: an application has kind/],
    [['show', 'app_none'], /^NOT_FOUND: No application app_none/],
    [['submit', 'app_none'], /^NOT_FOUND/],
    [['review', 'app_none', '--act', 'APPROVE'], /Allowed choices are TAKE_UP/],
    [['waive', 'app_none', '--requirement', 'ACCEPTANCE_REPORT'], /Allowed choices are TEST_TRANSMISSION/],
    [['waive', 'app_none', '--requirement', 'TEST_TRANSMISSION'], /required option '--opinion/],
    [
      ['waive', 'app_none', '--requirement', 'TEST_TRANSMISSION', '--opinion', '来函说明'],
      /required option '--evidence/,
    ],
    [['readiness', 'app_none'], /^NOT_FOUND/],
  ])('%j is refused', async (args, reason) => {
    const { status, out, err } = await hub(...args, '--as', 'energy-bureau');

    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(reason);
  });

  test('the sample of the README is drafted as it is printed there', async () => {
    const request = file('pudong.csr', aCertificate().csr);
    const sample = ['--form', 'docs/examples/application.json', '--csr', request];
    const units = ['--units', join(world.home, 'units.csv')];

    const { application } = await told('apply', ...sample, ...units, '--as', 'energy-bureau');

    expect(application.state).toBe('DRAFT');
    await told('withdraw', application.id, '--opinion', '示例', '--as', 'energy-bureau');
  });

  test('the sample of a batch is drafted as it is printed; of a step for the batch each is told, and one that is refused stops no other', async () => {
    for (const id of ['works-one', 'works-two']) file(`${id}.csr`, makeRequest(freshKey(), id));
    const line = (uscc: string) => `${uscc},示例,4411,310115,有限责任公司,01,1,2,3`;
    const codes = ['91310115HUB000999X', '91310115HUB000998T'].map(line);
    const units = file('batch.csv', [HEAD, ...codes].join('\n'));
    const sample = ['--form', 'docs/examples/application-batch.json', '--as', 'energy-bureau'];
    const folder = ['--csr-folder', world.home];
    expect((await hub('apply', ...sample, ...parts())).err).toMatch(/^USAGE.*--csr-folder/);
    const missing = await hub('apply', ...sample, ...folder, '--units', join(world.home, 'units.csv'));
    expect(missing.err).toMatch(/^FILE_UNUSABLE.*no unit with the code of works-one/);

    const made = await jsonOf<{ batch: string; applications: { id: string }[] }>(world, [
      ...['application', 'apply', ...sample, ...folder, '--units', units],
    ]);
    const [first, second] = made.applications.map(({ id }) => id);
    await told('submit', first!, '--as', 'energy-bureau');
    const submit = ['submit', '--batch', made.batch, '--as', 'energy-bureau'];
    const { status, out } = await hub(...submit, '--json');

    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      batch: made.batch,
      refused: 1,
      applications: [
        { id: first, errors: [{ extensions: { code: 'WRONG_STATE' } }] },
        { id: second, application: { state: 'SUBMITTED' } },
      ],
    });
    const again = await hub('review', '--act', 'TAKE_UP', '--batch', made.batch, '--as', 'energy-center');
    expect([again.status, again.out]).toEqual([0, expect.stringMatching(/2 of 2 done, 0 refused/)]);
    expect((await hub('submit', first!, ...submit.slice(1))).err).toMatch(/^USAGE: Name an application, or/);
    expect((await hub('submit', '--batch', 'apb_none', '--as', 'energy-bureau')).err).toMatch(
      /^USAGE: No app/,
    );
  }, 60_000);

  test('a list without a column, a request for nothing and a paper of no kind are refused before anything is sent', async () => {
    const units = file('bad.csv', 'uscc,name\n1,2\n');
    const apply = ['apply', '--form', form, '--as', 'energy-bureau'];
    expect((await hub(...apply, '--units', units)).err).toMatch(/there is no column industry/);
    expect((await hub(...apply, '--formal-csr', form)).err).toMatch(/^USAGE.*no application for FORMAL/);
    expect((await hub(...apply, '--paper', 'OTHER')).err).toMatch(/^USAGE.*KIND=file/);
    expect((await hub(...apply)).err).toMatch(/^BAD_USER_INPUT/);
  });

  test('an enterprise is applied for, reviewed, approved, fetches its certificate and calls TEST as itself', async () => {
    const { application } = await told('apply', '--form', form, ...parts(), '--as', 'energy-bureau');
    const { id } = application;
    const out = join(world.home, 'certs', 'fetched.crt');
    const steps: [string[], string][] = [
      [['submit', id, '--as', 'energy-bureau'], 'SUBMITTED'],
      [['review', id, '--act', 'TAKE_UP', '--as', 'energy-center'], 'PROTOCOL_REVIEW'],
      [['return', id, '--office', 'protocol', '--opinion', '缺少材料', '--as', 'energy-center'], 'RETURNED'],
      [['amend', id, '--paper', `ACCEPTANCE_REPORT=${form}`, '--as', 'energy-bureau'], 'RETURNED'],
      [['submit', id, '--as', 'energy-bureau'], 'SUBMITTED'],
      [['review', id, '--act', 'TAKE_UP', '--as', 'energy-center'], 'PROTOCOL_REVIEW'],
      [
        ['review', id, '--act', 'PASS_PROTOCOL', '--opinion', '合格', '--as', 'energy-center'],
        'SECURITY_REVIEW',
      ],
      [
        ['review', id, '--act', 'PASS_SECURITY', '--opinion', '合格', '--as', 'info-center'],
        'SECURITY_REVIEW',
      ],
      [['approve', id, '--for', 'test', '--evidence', form, ...OPERATOR], 'APPROVED_TEST'],
      [['review', id, '--act', 'BEGIN_TEST', '--as', 'energy-center'], 'TESTING'],
    ];
    for (const [args, state] of steps)
      expect([args[0], (await told(...args)).application.state]).toEqual([args[0], state]);

    const compared = await hub('compare', id, '1', '2', '--as', 'energy-bureau');
    expect(compared.out).toMatch(/CHANGED +papers/);
    await told('certificate', id, '--for', 'test', '--out', out, '--as', 'energy-bureau');
    file('certs/fetched.key', aKey());
    await world.registryCatchesUp();
    const enterprise = Caller.of(world.hub.url, join(world.home, 'certs'), 'fetched');
    expect(await enterprise.ask('{ me { tenant tier stage uscc } }')).toEqual({
      data: { me: { tenant: 'pudong', tier: 'ENTERPRISE', stage: 'TEST', uscc: usccOf(15) } },
    });
    await enterprise.close();

    const readiness = await hub('readiness', id, '--as', 'energy-bureau');
    expect(readiness.status).toBe(1);
    expect(readiness.out).toMatch(/NOT ready[^]*TEST_TRANSMISSION[^]*MISSING[^]*ACCEPTANCE_REPORT[^]*: met/);
    // An enterprise that connects directly is the one unit of its list.
    expect(readiness.out).toMatch(/Listed units without a meter in TEST: 测试用能单位/);
    expect(readiness.out).toMatch(new RegExp(`${usccOf(15)} +测试用能单位 +no +0 +0`));
    // Annex 6 asks an enterprise for no test reports.
    expect(readiness.out).not.toMatch(/SOFTWARE_TEST_REPORT/);
    const suspended = ['suspend', id, '--opinion', '停机', ...OPERATOR];
    expect((await told(...suspended)).application.state).toBe('SUSPENDED');
    const shown = await hub('show', id, '--as', 'energy-bureau');
    expect(shown.out).toMatch(/RETURN +energy-center[^]*缺少材料[^]*SUSPEND +municipal/);
    const { applications } = await jsonOf<{ applications: object[] }>(world, [
      ...['application', 'list', '--state', 'SUSPENDED', '--as', 'energy-center'],
    ]);
    expect(applications).toHaveLength(1);
  }, 60_000);
});

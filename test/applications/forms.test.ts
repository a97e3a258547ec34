import { generateKeyPairSync } from 'node:crypto';
import { makeRequest } from '../../certs/request.js';
import type { ApplicationInput } from '../../subgraphs/tenants/applications/inputs.js';
import { request } from '../certs/requests.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import {
  aCertificate,
  aForm,
  anApplication,
  apply,
  applying,
  aUnit,
  freshKey,
  officesOf,
} from './application.js';

const YEAR = new Date().getUTCFullYear();

describe('a form', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);
  afterAll(() => world.close());

  const form = (rest: Parameters<typeof aForm>[0]): ApplicationInput => anApplication({ form: aForm(rest) });
  const tenant = (rest: object, kind = 'PLATFORM'): ApplicationInput =>
    anApplication({ kind, tenant: { ...anApplication().tenant, ...rest } });
  const certificate = (rest: object): ApplicationInput => form({ certificates: [aCertificate(rest)] });
  const unit = (rest: object): ApplicationInput => form({ units: [aUnit(rest)] });
  const scope = (rest: object): ApplicationInput => form({ scopes: [{ ...aForm().scopes[0]!, ...rest }] });

  test.each<[string, () => ApplicationInput, RegExp]>([
    [
      'a check character that is wrong',
      () => unit({ uscc: `${usccOf(15).slice(0, 17)}0` }),
      /units\[0\].uscc: is no unified/,
    ],
    [
      'one unit twice',
      () => form({ units: [aUnit(), aUnit({ name: 'again' })] }),
      /units\[1\].uscc: .* stands at 0 already/,
    ],
    [
      'a number that is not the list’s',
      () => form({ numberOfUnits: 3 }),
      /numberOfUnits: says 3, the list holds 1/,
    ],
    ['no unit', () => form({ units: [] }), /units: 1 to 2000/],
    ['a unit elsewhere', () => unit({ place: '310104' }), /units\[0\].place: lies outside 310115/],
    ['an industry of no standard', () => unit({ industry: 'steel' }), /units\[0\].industry/],
    ['an energy kind that there is not', () => unit({ energyKinds: ['77'] }), /units\[0\].energyKinds/],
    ['two years', () => unit({ energy: aUnit().energy.slice(1) }), /units\[0\].energy: the last three years/],
    [
      'years long ago',
      () => unit({ energy: [1, 2, 3].map((ago) => ({ year: YEAR - 8 - ago, tce: '1' })) }),
      /energy: the last three/,
    ],
    [
      'a consumption below nothing',
      () => unit({ energy: aUnit().energy.map((one) => ({ ...one, tce: '-1' })) }),
      /not negative/,
    ],
    ['18 months', () => certificate({ months: 18 }), /certificates\[0\].months: 12, 24, 36, 48, 60/],
    ['no fax', () => certificate({ unitFax: '' }), /certificates\[0\].unitFax: is no telephone/],
    [
      'a document of no kind',
      () => certificate({ unitDocument: 'CARD' }),
      /unitDocument: SOCIAL_CREDIT_CODE/,
    ],
    ['no credit code', () => certificate({ uscc: null }), /certificates\[0\].uscc: is no unified/],
    [
      'another document without its number',
      () => certificate({ unitDocument: 'INSTITUTION_REGISTRATION', uscc: null }),
      /unitDocumentNumber: 1 to 200/,
    ],
    [
      'two documents',
      () => certificate({ unitDocumentNumber: '事证1' }),
      /uscc or unitDocumentNumber, the one/,
    ],
    ['a network of no kind', () => certificate({ network: 'VPN' }), /certificates\[0\].network: GOV/],
    ['a postcode of letters', () => certificate({ postcode: 'AB1' }), /postcode: six digits/],
    [
      'a date that lies ahead',
      () => certificate({ appliedOn: `${YEAR + 1}-12-31` }),
      /appliedOn: lies ahead/,
    ],
    [
      'a consumption of a kind that it does not use',
      () => unit({ consumption: [{ energyKind: '07', tce: '1' }] }),
      /units\[0\].consumption: each of its energyKinds once/,
    ],
    [
      'an acceptance of no aspect',
      () => unit({ acceptance: [{ aspect: 'LOOKS', isPassed: true, opinion: '好' }] }),
      /units\[0\].acceptance: DATA_QUALITY, METERING, END_DEVICES, AUTHORITY_OPINION, each once/,
    ],
    [
      'an acceptance without words',
      () => unit({ acceptance: [{ aspect: 'METERING', isPassed: true, opinion: ' ' }] }),
      /acceptance\[0\].opinion: 1 to 2000/,
    ],
    ['terms not agreed to', () => certificate({ agreesToTerms: false }), /agreesToTerms/],
    [
      'a whole identity number',
      () => certificate({ identityLastFour: '310115199001011234' }),
      /identityLastFour: four characters/,
    ],
    [
      'no certificate for TEST',
      () => certificate({ accessType: 'FORMAL' }),
      /application for TEST is missing/,
    ],
    [
      'two for TEST',
      () => form({ certificates: [aCertificate(), aCertificate()] }),
      /one for TEST and one for FORMAL/,
    ],
    [
      'an address of no network',
      () => form({ serverAddress: 'server.local' }),
      /serverAddress: is no IP address/,
    ],
    [
      'a network that there is not',
      () => form({ network: 'VPN' }),
      /network: GOVERNMENT_EXTRANET or INTERNET/,
    ],
    [
      'a mail address that is none',
      () => form({ applicant: { ...aForm().applicant, mail: 'wang' } }),
      /applicant.mail/,
    ],
    [
      'a paper without its hash',
      () => form({ papers: [{ kind: 'OTHER', name: 'x', sha256: 'x' }] }),
      /papers\[0\].sha256/,
    ],
    [
      'a paper that no annex names',
      () => form({ papers: [{ kind: 'AGREEMENT', name: 'x', sha256: 'ab'.repeat(32) }] }),
      /papers\[0\].kind: ACCEPTANCE_REPORT, .*OTHER/,
    ],
    [
      'a purpose twice',
      () => form({ purposes: [...aForm().purposes, ...aForm().purposes] }),
      /purposes: one is twice/,
    ],
    [
      'a basis that there is not',
      () => form({ purposes: [{ ...aForm().purposes[0]!, basis: 'FUN' }] }),
      /purposes\[0\].basis/,
    ],
    [
      'a scope for another purpose',
      () => scope({ purposes: ['STATISTICS'] }),
      /scopes\[0\].purposes: one is not applied for/,
    ],
    [
      'a scope of administration',
      () => scope({ category: 'scopes', action: 'write' }),
      /an administrator sets scopes/,
    ],
    ['a scope beyond its area', () => scope({ area: '310000' }), /scopes\[0\].area: lies outside 310115/],
    [
      'an office for itself',
      () => scope({ category: 'corrections', action: 'approve' }),
      /scopes\[0\].action: read or write/,
    ],
    [
      'a limit that the category has not',
      () => scope({ category: 'batches', energyKinds: ['01'] }),
      /energyKinds: not those/,
    ],
    [
      'a national platform',
      () => tenant({ tier: 'NATIONAL', area: '100000' }),
      /tenant.tier: MUNICIPAL or DISTRICT/,
    ],
    [
      'an enterprise without a code',
      () => tenant({ tier: 'ENTERPRISE' }, 'ENTERPRISE'),
      /an enterprise has one/,
    ],
    [
      'an enterprise that lists others',
      () => tenant({ tier: 'ENTERPRISE', uscc: usccOf(40) }, 'ENTERPRISE'),
      /lists itself and nobody else/,
    ],
  ])('with %s is refused, at its place', async (_what, input, message) => {
    expect(await applying(world.as('energy-bureau'), input())).toMatch(message);
  });

  test('no refusal says what stands in a form about people', async () => {
    const person = { name: '王小明', phone: 'nobody', mail: 'wang.xiaoming@example.cn' };
    const said = await applying(world.as('energy-bureau'), form({ applicant: person }));

    expect(said).toMatch(/^BAD_USER_INPUT: applicant.phone/);
    expect(said).not.toMatch(/王小明|xiaoming|nobody/);
    const ledger = await world.sql<{ facts: string }>('select facts from ledger.entry');
    expect(JSON.stringify(ledger)).not.toMatch(/王小明|xiaoming/);
  });

  test('of a signing request the key must be proved, be nobody else’s, and the name be the tenant’s or none', async () => {
    const bureau = world.as('energy-bureau');
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const stolen = request({ bits: 2048, pair, signer: freshKey() });

    expect(await applying(bureau, certificate({ csr: stolen }))).toMatch(/^CSR_UNUSABLE: .*possession/);
    expect(await applying(bureau, certificate({ csr: 'no request' }))).toMatch(/^CSR_UNUSABLE/);
    expect(await applying(bureau, certificate({ csr: request({ bits: 2048, pair }) }))).toMatch(
      /^CSR_UNUSABLE: The request for TEST names somebody else than pudong/,
    );
    const csr = makeRequest(pair.privateKey, 'minhang');
    const other = tenant({ id: 'minhang', name: '闵行区平台' });
    expect(await applying(bureau, { ...other, form: aForm({ certificates: [aCertificate({ csr })] }) })).toBe(
      'DRAFT',
    );
    const reused = makeRequest(pair.privateKey, 'pudong');
    expect(await applying(bureau, certificate({ csr: reused }))).toMatch(
      /^CSR_UNUSABLE: The key .* came with another tenant’s application/,
    );
  });

  test('only for its own area, by who may apply, and once at a time', async () => {
    const { bureau, center } = officesOf(world);
    expect(await applying(center, anApplication())).toMatch(/^SCOPE_MISSING/);
    const elsewhere = {
      ...tenant({ area: '310104' }),
      form: aForm({
        units: [aUnit({ place: '310104' })],
        scopes: aForm().scopes.map((one) => ({ ...one, area: '310104' })),
      }),
    };
    expect(await applying(bureau, elsewhere)).toMatch(/^ROW_OUT_OF_REACH/);
    await apply(bureau);
    expect(await applying(bureau, anApplication())).toMatch(/^CONFLICT/);
  });
});

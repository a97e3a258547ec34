import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRequest } from '../../certs/request.js';
import type {
  ApplicationBatchInput,
  ApplicationFormInput,
  ApplicationInput,
  CertificateApplicationInput,
  ListedUnitInput,
} from '../../subgraphs/tenants/applications/inputs.js';
import { Caller } from '../world/caller.js';
import { usccOf } from '../world/things.js';
import type { World } from '../world/world.js';

const YEAR = new Date().getUTCFullYear();
export const SHA = 'ab'.repeat(32);

let made: string | undefined;

/** One key for all tests of a file: making one takes longer than most of them. */
export function aKey(): string {
  made ??= freshKey();
  return made;
}

let asked: string | undefined;

function aRequest(): string {
  asked ??= makeRequest(aKey(), 'pudong');
  return asked;
}

export function freshKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

export function aUnit(rest: Partial<ListedUnitInput> = {}): ListedUnitInput {
  return {
    uscc: usccOf(15),
    name: '测试用能单位',
    industry: '4411',
    place: '310115',
    nature: '有限责任公司',
    energyKinds: ['01', '03'],
    energy: [YEAR - 3, YEAR - 2, YEAR - 1].map((year) => ({ year, tce: '12000.50' })),
    ...rest,
  };
}

export function aCertificate(rest: Partial<CertificateApplicationInput> = {}): CertificateApplicationInput {
  return {
    accessType: 'TEST',
    unit: '浦东新区平台',
    unitDocument: 'SOCIAL_CREDIT_CODE',
    uscc: usccOf(16),
    legalRepresentative: '张三',
    unitFax: '021-50000009',
    network: 'GOVERNMENT_EXTRANET',
    handler: '李四',
    handlerPhone: '021-50000001',
    identityDocument: 'IDENTITY_CARD',
    identityLastFour: '123X',
    address: '世纪大道1号',
    system: '能耗数据交换枢纽',
    months: 12,
    agreesToTerms: true,
    csr: rest.csr ?? aRequest(),
    ...rest,
  };
}

export function aForm(rest: Partial<ApplicationFormInput> = {}): ApplicationFormInput {
  const units = rest.units ?? [aUnit()];
  return {
    organ: '浦东新区节能主管部门',
    applicant: { name: '王五', phone: '021-50000002', mail: 'wang@example.cn' },
    technicalUnit: '技术服务公司',
    technicalContact: { name: '赵六', phone: '021-50000003', mail: 'zhao@example.cn' },
    network: 'GOVERNMENT_EXTRANET',
    accessMode: 'BATCH',
    numberOfUnits: units.length,
    serverLocation: '浦东新区机房',
    serverAddress: '10.15.0.7',
    purposes: [{ purpose: 'DATA_REPORTING', basis: 'REGULATION', basisText: '发改环资〔2017〕1711号' }],
    scopes: ['enterprises', 'buildings', 'meters', 'readings', 'batches'].flatMap((category) =>
      ['read', 'write'].map((action) => ({
        category,
        action,
        area: '310115',
        purposes: ['DATA_REPORTING'],
      })),
    ),
    papers: [],
    certificates: [aCertificate()],
    units,
    ...rest,
  };
}

export function anApplication(rest: Partial<ApplicationInput> = {}): ApplicationInput {
  return {
    kind: 'PLATFORM',
    tenant: { id: 'pudong', name: '浦东新区平台', tier: 'DISTRICT', area: '310115' },
    form: aForm(),
    ...rest,
  };
}

let batchKeys: string[] = [];

/** Enterprises works-1, works-2 … that connect directly; each has a key of its own. */
export function aBatch(count: number): ApplicationBatchInput {
  const { certificates: _, units: __, scopes, ...form } = aForm();
  const [{ area: ___, ...scope } = { area: '', category: '', action: '', purposes: [] }] = scopes;
  batchKeys = Array.from({ length: count }, (_none, place) => batchKeys[place] ?? freshKey());
  return {
    form: { ...form, scopes: [scope], numberOfUnits: count },
    enterprises: batchKeys.map((key, place) => {
      const id = `works-${place + 1}`;
      const uscc = usccOf(51 + place);
      return {
        tenant: { id, name: id, tier: 'ENTERPRISE', area: '310115', uscc },
        unit: aUnit({ uscc, name: id }),
        certificates: [aCertificate({ uscc, unit: id, csr: makeRequest(key, id) })],
      };
    }),
  };
}

/** What annex 4 asks for beside the month. */
export function formalForm(rest: Partial<ApplicationFormInput> = {}): ApplicationFormInput {
  const kinds = ['ACCEPTANCE_REPORT', 'SOFTWARE_TEST_REPORT', 'SECURITY_TEST_REPORT', 'TRIAL_RUN_REPORT'];
  return aForm({
    papers: kinds.map((kind) => ({ kind, name: kind, sha256: SHA })),
    certificates: [aCertificate(), aCertificate({ accessType: 'FORMAL', months: 24 })],
    ...rest,
  });
}

/** The parties that act on an application, each for the purpose of its scopes. */
export function officesOf(world: World) {
  return {
    bureau: world.as('energy-bureau'),
    center: world.as('energy-center'),
    info: world.as('info-center'),
    municipal: world.as('municipal').for('PLATFORM_OPERATION'),
    national: world.as('national'),
  };
}

export interface Applied {
  id: string;
  state: string;
  version: number;
}

const APPLY = 'mutation ($input: ApplicationInput!) { done: applyForConnection(application: $input) { id } }';

export async function apply(by: Caller, input: ApplicationInput = anApplication()): Promise<string> {
  return (await by.mustAsk<{ done: { id: string } }>(APPLY, { input })).done.id;
}

/** The code of the refusal, or the state after the application was drafted. */
export async function applying(by: Caller, input: ApplicationInput): Promise<string> {
  const { data, errors } = await by.ask(
    'mutation ($input: ApplicationInput!) { done: applyForConnection(application: $input) { state } }',
    { input },
  );
  return errors ? `${errors[0]?.extensions.code}: ${errors[0]?.message}` : (data as Done)['done'].state;
}

type Done = { done: { state: string } };

/** Mutations by their arguments beside the id. */
const ARGUMENTS: Record<string, string> = {
  submitApplication: '',
  withdrawApplication: 'reason: "x"',
  reviewProtocol: 'act: $act, opinion: "合格"',
  reviewSecurity: 'act: $act, opinion: "合格"',
  decideApplication: 'act: $act, opinion: "不合格"',
  waiveRequirement: `requirement: $act, opinion: "来函说明", evidenceSha256: "${SHA}"`,
  approveForTest: 'opinion: "同意"',
  approveForFormal: 'opinion: "同意"',
  connectApplication: '',
  suspendApplication: 'opinion: "停机"',
  resumeApplication: '',
  withdrawApproval: 'opinion: "来函"',
};

/** One step over the wire: the state after it, or the code of the refusal. */
export async function take(by: Caller, mutation: string, id: string, act?: string): Promise<string> {
  const reply = await ask(by, mutation, id, act);
  return reply.errors ? (reply.errors[0]?.extensions.code ?? '') : (reply.data as Done)['done'].state;
}

export function ask(by: Caller, mutation: string, id: string, act?: string) {
  const variables = act === undefined ? '($id: ID!)' : '($id: ID!, $act: String!)';
  const text = `mutation ${variables} { done: ${mutation}(id: $id ${ARGUMENTS[mutation]}) { state } }`;
  return by.ask(text, { id, ...(act !== undefined && { act }) });
}

/** The way to TESTING, each step by its office. */
export async function toTesting(world: World, input = anApplication()): Promise<string> {
  const { bureau, center, info, municipal } = officesOf(world);
  const id = await apply(bureau, input);
  const steps: [Caller, string, string?][] = [
    [bureau, 'submitApplication'],
    [center, 'reviewProtocol', 'TAKE_UP'],
    [center, 'reviewProtocol', 'PASS_PROTOCOL'],
    [info, 'reviewSecurity', 'PASS_SECURITY'],
    [municipal, 'approveForTest'],
    [center, 'reviewProtocol', 'BEGIN_TEST'],
  ];
  for (const [by, mutation, act] of steps) {
    const { errors } = await ask(by, mutation, id, act);
    if (errors) throw new Error(`${mutation} ${act}: ${JSON.stringify(errors)}`);
  }
  await world.registryCatchesUp();
  return id;
}

/** Calls with the certificate that an approval issued, and the key that never left the applicant. */
export async function asIssued(world: World, id: string, stage: 'TEST' | 'FORMAL'): Promise<Caller> {
  const { application } = await world
    .as('energy-bureau')
    .mustAsk<{ application: { certificates: { stage: string; certificate: string }[] } }>(
      'query ($id: ID!) { application(id: $id) { certificates { stage certificate } } }',
      { id },
    );
  const issued = application.certificates.findLast((one) => one.stage === stage);
  const name = `issued-${stage}-${id.slice(-6)}`;
  writeFileSync(join(world.home, 'certs', `${name}.crt`), issued?.certificate ?? '');
  writeFileSync(join(world.home, 'certs', `${name}.key`), aKey());
  return Caller.of(world.hub.url, join(world.home, 'certs'), name);
}

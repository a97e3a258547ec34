import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeRequest } from '../../certs/request.js';
import type { ApplicationFormInput, ApplicationInput } from '../../subgraphs/tenants/applications/inputs.js';
import type { HubClient } from '../client/hub-client.js';
import type { DemoCity, DemoStage } from './city.js';
import type { DemoTenant } from './parties.js';

type As = (tenant: string, work: (client: HubClient) => Promise<void>) => Promise<void>;

/** What the application for the newcomer waits for in each state, by whom: the way to the test. */
const STEPS: Record<string, [tenant: string, mutation: string][]> = {
  DRAFT: [['energy-bureau', 'submitApplication(id: $id)']],
  SUBMITTED: [['energy-center', 'reviewProtocol(id: $id, act: "TAKE_UP")']],
  PROTOCOL_REVIEW: [
    ['energy-center', 'reviewProtocol(id: $id, act: "PASS_PROTOCOL", opinion: "接口协议符合规范（演示）")'],
  ],
  SECURITY_REVIEW: [
    ['info-center', 'reviewSecurity(id: $id, act: "PASS_SECURITY", opinion: "技术安全符合要求（演示）")'],
    ['municipal', 'approveForTest(id: $id, opinion: "同意测试对接（演示）")'],
  ],
  APPROVED_TEST: [['energy-center', 'reviewProtocol(id: $id, act: "BEGIN_TEST")']],
};

/**
 * The application by which the newcomer is being tested: applied for by the district's authority, reviewed and approved
 * by their offices, each over the wire. Goes on from wherever an earlier start left it.
 */
export async function seedApplication(city: DemoCity, home: string, as: As): Promise<void> {
  const newcomer = city.tenants.find(({ stage }) => stage === 'TEST');
  if (!newcomer) return;
  for (;;) {
    const { id, state } = await present(city, newcomer, home, as);
    const steps = STEPS[state];
    if (!steps) return;
    for (const [tenant, mutation] of steps)
      await as(tenant, async (client) => {
        await client.ask(`mutation ($id: ID!) { ${mutation} { state } }`, { id });
      });
  }
}

interface Standing {
  id: string;
  state: string;
}

async function present(city: DemoCity, newcomer: DemoTenant, home: string, as: As): Promise<Standing> {
  let found: Standing | undefined;
  await as('energy-bureau', async (client) => {
    const { applications } = await client.ask<{ applications: { nodes: Standing[] } }>(
      'query ($tenant: ID!) { applications(tenant: $tenant, first: 1) { nodes { id state } } }',
      { tenant: newcomer.id },
    );
    found = applications.nodes[0];
    if (found) return;
    const key = await readFile(join(home, 'certs', `${newcomer.id}.key`), 'utf8');
    const application = applicationFor(newcomer, city.testStage, city.dates, makeRequest(key, newcomer.id));
    const { made } = await client.ask<{ made: Standing }>(
      'mutation ($application: ApplicationInput!) { made: applyForConnection(application: $application) { id state } }',
      { application },
    );
    found = made;
  });
  if (!found) throw new Error('the application was neither found nor made');
  return found;
}

function applicationFor(
  { id, name, tier, area }: DemoTenant,
  { enterprises }: DemoStage,
  dates: readonly string[],
  csr: string,
): ApplicationInput {
  const year = Number(dates.at(-1)?.slice(0, 4));
  const [owner] = enterprises;
  const units: ApplicationFormInput['units'] = enterprises.map((enterprise) => ({
    uscc: enterprise.uscc,
    name: enterprise.name,
    industry: enterprise.industry,
    place: enterprise.area,
    nature: '有限责任公司',
    energyKinds: ['01', '02', '03'],
    energy: [3, 2, 1].map((ago) => ({ year: year - ago, tce: enterprise.annualTce })),
  }));
  const contact = { name: '演示联系人', phone: '021-00000000', mail: 'demo@example.invalid' };
  const purposes = ['DATA_REPORTING'];
  return {
    kind: 'PLATFORM',
    tenant: { id, name, tier, area, uscc: null },
    form: {
      organ: '合成浦东新区节能主管部门（演示）',
      applicant: contact,
      technicalUnit: '合成技术单位（演示）',
      technicalContact: contact,
      network: 'GOVERNMENT_EXTRANET',
      accessMode: 'BATCH',
      numberOfUnits: units.length,
      serverLocation: '合成机房（演示）',
      serverAddress: '192.0.2.15',
      purposes: [
        {
          purpose: 'DATA_REPORTING',
          basis: 'REGULATION',
          basisText: '国家发展改革委 关于加快各地区重点用能单位能耗在线监测系统与国家平台数据对接的通知',
        },
      ],
      scopes: ['enterprises', 'buildings', 'meters', 'readings', 'batches'].flatMap((category) =>
        ['read', 'write'].map((action) => ({ category, action, area, purposes })),
      ),
      papers: [],
      certificates: [
        {
          accessType: 'TEST',
          unit: name,
          unitDocument: 'SOCIAL_CREDIT_CODE',
          uscc: owner?.uscc ?? '',
          unitFax: '021-00000000',
          network: 'GOVERNMENT_EXTRANET',
          legalRepresentative: '演示法定代表人',
          handler: '演示经办人',
          handlerPhone: '021-00000000',
          identityDocument: 'IDENTITY_CARD',
          identityLastFour: '0000',
          address: '合成地址（演示）',
          system: '能耗数据交换枢纽',
          months: 12,
          agreesToTerms: true,
          csr,
        },
      ],
      units,
    },
  };
}

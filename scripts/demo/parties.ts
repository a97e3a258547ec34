import { createHash } from 'node:crypto';
import {
  type Action,
  actionsOf,
  CATEGORIES,
  type Category,
  isDuty,
  SUBJECT_CATEGORIES,
} from '../../gateway/policy/categories.js';
import type { Stage, Tier } from '../../gateway/policy/grant.js';
import type { Purpose } from '../../gateway/policy/purposes.js';
import { addDays } from './calendar.js';
import { ENTERPRISE_A_USCC, GRID_CO_USCC, SERVICE_CO_USCC, type DemoEnterprise } from './enterprises.js';

export interface DemoTenant {
  /** Also the name of its certificate. */
  id: string;
  /** What people call it. */
  name: string;
  tier: Tier;
  area: string;
  uscc: string | null;
  stage: Stage;
}

export interface DemoScope {
  tenant: string;
  category: Category;
  action: Action;
  area: string;
  purposes: Purpose[];
  /** ISO 8601 instants. */
  validFrom: string;
  /** Null is open-ended. */
  validTo: string | null;
}

export interface DemoConsent {
  /** Whom the data is about. */
  subject: string;
  /** Of the subject. */
  area: string;
  /** The tenant that may read it. */
  recipient: string;
  categories: Category[];
  purpose: Purpose;
  /** ISO 8601 instants. */
  validFrom: string;
  validTo: string;
  /**
   * How it came about: asked for and granted online, asked for and not answered yet, given and taken back by its
   * subject, or recorded by the operator from paper.
   */
  story: 'GRANTED' | 'REQUESTED' | 'REVOKED' | 'PAPER';
  /** SHA-256 of the paper's scan. */
  evidenceSha256: string | null;
}

type Rights = Partial<Record<Category, readonly Action[]>>;
const READ = ['read'] as const;
const BOTH = ['read', 'write'] as const;

const rights = (categories: readonly Category[], actions: readonly Action[]): Rights =>
  Object.fromEntries(categories.map((category) => [category, actions]));

const CITY = '310000';
const ALL = (Object.keys(CATEGORIES) as Category[]).filter((category) => !isDuty(category));
const DISTRICT: Rights = {
  ...rights([...SUBJECT_CATEGORIES, 'batches', 'packages', 'corrections'], BOTH),
  statistics: READ,
};

/** One purpose each, so that they may leave x-hub-purpose out; only the operator of the platform has two. */
const PARTIES: [DemoTenant, Purpose[], Rights][] = [
  [
    tenant('national', '合成国家平台', 'NATIONAL', '100000'),
    ['SUPERVISION'],
    {
      ...rights(SUBJECT_CATEGORIES, READ),
      packages: BOTH,
      statistics: READ,
      applications: ['read', 'approve'],
      corrections: ['read', 'approve'],
      quality: ['read', 'approve'],
    },
  ],
  [
    tenant('municipal', '合成上海市级平台', 'MUNICIPAL', '310000'),
    ['PLATFORM_OPERATION', 'SUPERVISION'],
    Object.fromEntries(ALL.map((category) => [category, actionsOf(category)])),
  ],
  [tenant('district-310101', '合成黄浦区平台', 'DISTRICT', '310101'), ['DATA_REPORTING'], DISTRICT],
  [tenant('district-310104', '合成徐汇区平台', 'DISTRICT', '310104'), ['DATA_REPORTING'], DISTRICT],
  [
    tenant('enterprise-a', '合成浦江置业有限公司', 'ENTERPRISE', '310101', ENTERPRISE_A_USCC),
    ['OWN_MANAGEMENT'],
    {
      ...rights([...SUBJECT_CATEGORIES, 'corrections', 'disclosures', 'statistics'], READ),
      consents: BOTH,
      quality: BOTH,
    },
  ],
  [
    tenant('service-co', '合成节能服务有限公司', 'THIRD_PARTY', '310000', SERVICE_CO_USCC),
    ['ENERGY_SERVICE'],
    { ...rights(['enterprises', 'buildings', 'meters', 'readings', 'audits'], READ), consents: BOTH },
  ],
  [
    tenant('grid-co', '合成城市供电有限公司', 'THIRD_PARTY', '310000', GRID_CO_USCC),
    ['DATA_REPORTING'],
    { supplies: BOTH },
  ],
  [
    tenant('newcomer', '合成浦东新区平台（测试）', 'DISTRICT', '310115', null, 'TEST'),
    ['DATA_REPORTING'],
    DISTRICT,
  ],
  [
    tenant('energy-bureau', '合成浦东新区节能主管部门', 'DISTRICT', '310115'),
    ['SUPERVISION'],
    { applications: BOTH },
  ],
  [
    tenant('energy-center', '合成节能中心', 'NATIONAL', '100000'),
    ['SUPERVISION'],
    { applications: ['read', 'review_protocol'] },
  ],
  [
    tenant('info-center', '合成信息中心', 'NATIONAL', '100000'),
    ['SUPERVISION'],
    { applications: ['read', 'review_security'] },
  ],
];

function tenant(
  id: string,
  name: string,
  tier: Tier,
  area: string,
  uscc: string | null = null,
  stage: Stage = 'FORMAL',
): DemoTenant {
  return { id, name: `${name}（演示）`, tier, area, uscc, stage };
}

export function demoTenants(): DemoTenant[] {
  return PARTIES.map(([party]) => party);
}

/** The start of the day in China that lies `days` from `day`. */
function midnight(day: string, days: number): string {
  return `${addDays(day, days)}T00:00:00+08:00`;
}

/** Scopes that opened a year before the demo's first day and stay open. */
export function demoScopes(from: string): DemoScope[] {
  const validFrom = midnight(from, -365);
  return PARTIES.flatMap(([{ id, tier, area: own }, purposes, categories]) =>
    (Object.entries(categories) as [Category, readonly Action[]][]).flatMap(([category, actions]) =>
      actions.map((action) => {
        // A city's figures go to all its districts.
        const area = category === 'statistics' && tier !== 'NATIONAL' ? CITY : own;
        return { tenant: id, category, action, area, purposes, validFrom, validTo: null };
      }),
    ),
  );
}

/** One consent of each story; that on paper is another enterprise's and ended before the demo's first day. */
export function demoConsents(from: string, former: DemoEnterprise): DemoConsent[] {
  const recipient = 'service-co';
  const purpose = 'ENERGY_SERVICE';
  const ofEnterpriseA = {
    subject: ENTERPRISE_A_USCC,
    area: '310101',
    recipient,
    purpose,
    evidenceSha256: null,
  } as const;
  return [
    {
      ...ofEnterpriseA,
      story: 'GRANTED',
      categories: ['enterprises', 'buildings', 'meters', 'readings', 'audits'],
      validFrom: midnight(from, -90),
      validTo: midnight(from, 2 * 365),
    },
    {
      ...ofEnterpriseA,
      story: 'REVOKED',
      categories: ['inspections'],
      validFrom: midnight(from, -90),
      validTo: midnight(from, 365),
    },
    {
      ...ofEnterpriseA,
      story: 'REQUESTED',
      categories: ['reviews'],
      validFrom: midnight(from, 0),
      validTo: midnight(from, 365),
    },
    {
      subject: former.uscc,
      area: former.area,
      recipient,
      purpose,
      story: 'PAPER',
      categories: ['buildings', 'readings'],
      validFrom: midnight(from, -400),
      validTo: midnight(from, -35),
      evidenceSha256: createHash('sha256').update(`synthetic consent ${former.uscc}`).digest('hex'),
    },
  ];
}

import { ACTIONS, CATEGORIES, type Action, type Category } from '../../gateway/policy/categories.js';
import type { Stage, Tier } from '../../gateway/policy/grant.js';
import type { Purpose } from '../../gateway/policy/purposes.js';
import { addDays } from './calendar.js';
import { ENTERPRISE_A_USCC, SERVICE_CO_USCC } from './enterprises.js';

export interface DemoTenant {
  /** Also the name of its certificate. */
  name: string;
  /** What people call it. */
  title: string;
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
  validFrom: string;
  /** Null is open-ended. */
  validTo: string | null;
}

export interface DemoConsent {
  /** Whom the data is about. */
  subject: string;
  /** The tenant that may read it. */
  recipient: string;
  categories: Category[];
  purpose: Purpose;
  validFrom: string;
  validTo: string;
}

type Rights = Partial<Record<Category, readonly Action[]>>;
const READ = ['read'] as const;
const OBSERVED = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'audits',
  'reviews',
  'inspections',
] as const;

const rights = (categories: readonly Category[], actions: readonly Action[]): Rights =>
  Object.fromEntries(categories.map((category) => [category, actions]));

const DISTRICT = rights([...OBSERVED, 'batches', 'packages'], ACTIONS);

/** One purpose each, so that they may leave x-hub-purpose out; only the operator of the platform has two. */
const PARTIES: [DemoTenant, Purpose[], Rights][] = [
  [
    tenant('national', '合成国家平台', 'NATIONAL', '100000'),
    ['SUPERVISION'],
    { ...rights(OBSERVED, READ), packages: ACTIONS },
  ],
  [
    tenant('municipal', '合成上海市级平台', 'MUNICIPAL', '310000'),
    ['PLATFORM_OPERATION', 'SUPERVISION'],
    rights(Object.keys(CATEGORIES) as Category[], ACTIONS),
  ],
  [tenant('district-310101', '合成黄浦区平台', 'DISTRICT', '310101'), ['DATA_REPORTING'], DISTRICT],
  [tenant('district-310104', '合成徐汇区平台', 'DISTRICT', '310104'), ['DATA_REPORTING'], DISTRICT],
  [
    tenant('enterprise-a', '合成浦江置业有限公司', 'ENTERPRISE', '310101', ENTERPRISE_A_USCC),
    ['OWN_MANAGEMENT'],
    { ...rights(OBSERVED, READ), consents: ACTIONS },
  ],
  [
    tenant('service-co', '合成节能服务有限公司', 'THIRD_PARTY', '310000', SERVICE_CO_USCC),
    ['ENERGY_SERVICE'],
    rights(['enterprises', 'buildings', 'meters', 'readings', 'audits'], READ),
  ],
  [
    tenant('newcomer', '合成浦东新区平台（测试）', 'DISTRICT', '310115', null, 'TEST'),
    ['DATA_REPORTING'],
    DISTRICT,
  ],
];

function tenant(
  name: string,
  title: string,
  tier: Tier,
  area: string,
  uscc: string | null = null,
  stage: Stage = 'FORMAL',
): DemoTenant {
  return { name, title: `${title}（演示）`, tier, area, uscc, stage };
}

export function demoTenants(): DemoTenant[] {
  return PARTIES.map(([party]) => party);
}

/** Scopes that opened a year before the demo's first day and stay open. */
export function demoScopes(from: string): DemoScope[] {
  const validFrom = addDays(from, -365);
  return PARTIES.flatMap(([{ name, area }, purposes, categories]) =>
    (Object.entries(categories) as [Category, readonly Action[]][]).flatMap(([category, actions]) =>
      actions.map((action) => ({ tenant: name, category, action, area, purposes, validFrom, validTo: null })),
    ),
  );
}

/** One consent that is open for two years, and one of another enterprise that ended before the demo's first day. */
export function demoConsents(from: string, formerSubject: string): DemoConsent[] {
  const recipient = 'service-co';
  const purpose = 'ENERGY_SERVICE';
  return [
    {
      subject: ENTERPRISE_A_USCC,
      recipient,
      categories: ['enterprises', 'buildings', 'meters', 'readings', 'audits'],
      purpose,
      validFrom: addDays(from, -90),
      validTo: addDays(from, 2 * 365),
    },
    {
      subject: formerSubject,
      recipient,
      categories: ['buildings', 'readings'],
      purpose,
      validFrom: addDays(from, -400),
      validTo: addDays(from, -35),
    },
  ];
}

import {
  type Action,
  actionsOf,
  CATEGORIES,
  type Category,
  isDuty,
} from '../../gateway/policy/categories.js';
import type { Stage, Tier } from '../../gateway/policy/grant.js';
import type { Purpose } from '../../gateway/policy/purposes.js';
import type { ScopeInput } from '../../subgraphs/tenants/scopes/inputs.js';

export interface Party {
  id: string;
  name: string;
  tier: Tier;
  area: string;
  uscc: string | null;
  stage: Stage;
  /** Declared and approved. */
  purposes: Purpose[];
  scopes: Omit<ScopeInput, 'tenant'>[];
}

/** Codes with a right check character (GB 32100-2015), of nobody. */
export const USCC_A = '91310101HUB000011G';
export const USCC_SERVICE = '91310104HUB000206M';

function scopes(
  categories: readonly Category[],
  actions: readonly Action[] | ((category: Category) => readonly Action[]),
  area: string,
  purposes: string[],
): Party['scopes'] {
  const of = typeof actions === 'function' ? actions : () => actions;
  return categories.flatMap((category) =>
    of(category).map((action) => ({ category, action, area, purposes })),
  );
}

const BOTH = ['read', 'write'] as const;
const ALL = (Object.keys(CATEGORIES) as Category[]).filter((category) => !isDuty(category));
const DATA: Category[] = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'quality',
  'audits',
  'reviews',
  'inspections',
];
const EXCHANGE: Category[] = ['batches', 'packages'];

function district(area: string): Party {
  return {
    id: `district-${area}`,
    name: `District ${area}`,
    tier: 'DISTRICT',
    area,
    uscc: null,
    stage: 'FORMAL',
    purposes: ['DATA_REPORTING'],
    scopes: [
      ...scopes([...DATA, ...EXCHANGE, 'corrections'], BOTH, area, ['DATA_REPORTING']),
      ...scopes(['statistics'], ['read'], `${area.slice(0, 2)}0000`, ['DATA_REPORTING']),
    ],
  };
}

/** Applies for others to be connected, or reviews it. */
function office(id: string, tier: Tier, area: string, actions: readonly Action[]): Party {
  return {
    id,
    name: id,
    tier,
    area,
    uscc: null,
    stage: 'FORMAL',
    purposes: ['SUPERVISION'],
    scopes: scopes(['applications'], actions, area, ['SUPERVISION']),
  };
}

/** One party of each tier, a second district to keep things from, one on the TEST stage, one
 * without any scope; who applies for others to be connected and who reviews that. */
export const PARTIES: readonly Party[] = [
  {
    id: 'national',
    name: 'National platform',
    tier: 'NATIONAL',
    area: '100000',
    uscc: null,
    stage: 'FORMAL',
    purposes: ['SUPERVISION'],
    scopes: [
      ...scopes(DATA, ['read'], '100000', ['SUPERVISION']),
      ...scopes(['packages'], BOTH, '100000', ['SUPERVISION']),
      ...scopes(['quality'], ['approve'], '100000', ['SUPERVISION']),
      ...scopes(['statistics'], ['read'], '100000', ['SUPERVISION']),
      ...scopes(['corrections', 'applications'], ['read', 'approve'], '100000', ['SUPERVISION']),
    ],
  },
  {
    id: 'municipal',
    name: 'Municipal platform',
    tier: 'MUNICIPAL',
    area: '310000',
    uscc: null,
    stage: 'FORMAL',
    purposes: ['SUPERVISION', 'PLATFORM_OPERATION'],
    scopes: scopes(ALL, actionsOf, '310000', ['SUPERVISION', 'PLATFORM_OPERATION']),
  },
  district('310101'),
  district('310104'),
  {
    id: 'enterprise-a',
    name: 'Enterprise A',
    tier: 'ENTERPRISE',
    area: '310101',
    uscc: USCC_A,
    stage: 'FORMAL',
    purposes: ['OWN_MANAGEMENT'],
    scopes: [
      ...scopes(DATA, ['read'], '310101', ['OWN_MANAGEMENT']),
      ...scopes(['consents', 'corrections'], BOTH, '310101', ['OWN_MANAGEMENT']),
      ...scopes(['quality'], ['write'], '310101', ['OWN_MANAGEMENT']),
      ...scopes(['disclosures'], ['read'], '310101', ['OWN_MANAGEMENT']),
    ],
  },
  {
    id: 'service-co',
    name: 'Service company',
    tier: 'THIRD_PARTY',
    area: '310104',
    uscc: USCC_SERVICE,
    stage: 'FORMAL',
    purposes: ['ENERGY_SERVICE'],
    scopes: [
      ...scopes(['enterprises', 'buildings', 'meters', 'readings', 'audits'], ['read'], '310000', [
        'ENERGY_SERVICE',
      ]),
      ...scopes(['consents'], BOTH, '310000', ['ENERGY_SERVICE']),
    ],
  },
  { ...district('310115'), id: 'newcomer', name: 'Newcomer', stage: 'TEST' },
  office('energy-bureau', 'DISTRICT', '310115', ['read', 'write']),
  office('energy-center', 'NATIONAL', '100000', ['read', 'review_protocol']),
  office('info-center', 'NATIONAL', '100000', ['read', 'review_security']),
  {
    id: 'scopeless',
    name: 'Without scopes',
    tier: 'DISTRICT',
    area: '310106',
    uscc: null,
    stage: 'FORMAL',
    purposes: ['DATA_REPORTING'],
    scopes: [],
  },
];

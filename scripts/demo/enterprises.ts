import { usccCheckCharacter } from '../../subgraphs/runtime/uscc.js';
import type { Archetype } from './profiles.js';
import { decimal, randomFor, wholeBetween } from './randomness.js';

export interface DemoEnterprise {
  uscc: string;
  name: string;
  area: string;
  /** Class of GB/T 4754-2017. */
  industry: string;
  /** 百家, 千家, 万家 (NDRC 2017/1909), null for units that are no key unit. */
  unitClass: 'BAIJIA' | 'QIANJIA' | 'WANJIA' | null;
  /** Annual comprehensive energy use, tce (equivalent value), two decimals. */
  annualTce: string;
}

/** What an enterprise owns: how many buildings of which archetype. */
export type Holdings = Partial<Record<Archetype, number>>;
type Company = [kind: '91' | '12', name: string, industry: string, holdings: Holdings];

/** The first is enterprise-a of the demo tenants. */
const HUANGPU: Company[] = [
  ['91', '合成浦江置业有限公司', '7040', { office: 4, mixed_use: 2 }],
  ['12', '合成黄浦机关事务中心', '9221', { government_office: 3 }],
  ['91', '合成申江百货有限公司', '5211', { shopping_mall: 5 }],
  ['91', '合成云栖酒店有限公司', '6110', { hotel: 2 }],
  ['91', '合成长亭酒店有限公司', '6110', { hotel: 2 }],
  ['12', '合成示范职业学校', '8336', { education: 3 }],
  ['12', '合成黄浦图书馆', '8831', { culture: 1 }],
  ['12', '合成第一医院', '8411', { healthcare: 3 }],
  ['91', '合成春申物业有限公司', '7020', { office: 3, mixed_use: 1, exhibition: 1, other_public: 1 }],
  ['91', '合成黄浦体育场馆有限公司', '8921', { sports: 1 }],
];

/** The last is service-co, which serves others and owns nothing here. */
const XUHUI: Company[] = [
  ['12', '合成徐汇机关事务中心', '9221', { government_office: 3 }],
  ['91', '合成衡山百货有限公司', '5211', { shopping_mall: 5 }],
  ['91', '合成漕溪酒店有限公司', '6110', { hotel: 4 }],
  ['12', '合成示范大学', '8341', { education: 3 }],
  ['12', '合成徐汇图书馆', '8831', { culture: 1 }],
  ['12', '合成第二医院', '8411', { healthcare: 3 }],
  ['91', '合成滨江置业有限公司', '7010', { office: 6, mixed_use: 2 }],
  ['91', '合成南站客运有限公司', '5331', { transportation: 1, exhibition: 1 }],
  ['91', '合成徐汇文体有限公司', '8921', { sports: 1, office: 1, mixed_use: 1 }],
  ['91', '合成节能服务有限公司', '7514', {}],
];

/**
 * A well-formed code that no register can hold: the organisation's part spells HUB. It has the check character
 * of GB 11714 in the 17th place and that of GB 32100 in the 18th.
 */
function synthetic(kind: '91' | '12', area: string, number: number): string {
  const body = `HUB${String(number).padStart(5, '0')}`;
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce(
    (total, weight, index) => total + weight * Number.parseInt(body.charAt(index), 36),
    0,
  );
  const check = '0X987654321'.charAt(sum % 11);
  const first17 = `${kind}${area}${body}${check}`;
  return first17 + usccCheckCharacter(first17);
}

function enterprise(area: string, [kind, name, industry]: Company, number: number): DemoEnterprise {
  const uscc = synthetic(kind, area, number);
  const random = randomFor('enterprise', uscc);
  const unitClass = number % 10 === 3 ? 'QIANJIA' : number % 3 === 0 ? null : 'WANJIA';
  const [low, high] = { QIANJIA: [500_000, 900_000], WANJIA: [10_000, 60_000], none: [800, 4_900] }[
    unitClass ?? 'none'
  ] as [number, number];
  return {
    uscc,
    name: `${name}（演示）`,
    area,
    industry,
    unitClass,
    annualTce: decimal(wholeBetween(random, low * 100, high * 100)),
  };
}

export const ENTERPRISE_A_USCC = synthetic('91', '310101', 1);
export const SERVICE_CO_USCC = synthetic('91', '310104', 20);
/** A company of the whole city, which owns nothing here. */
export const GRID_CO_USCC = synthetic('91', '310000', 22);

/** The twenty enterprises of the two districts with what each owns. */
export function demoEnterprises(): { enterprise: DemoEnterprise; holdings: Holdings }[] {
  const of = (area: string, companies: Company[], offset: number) =>
    companies.map((company, index) => ({
      enterprise: enterprise(area, company, offset + index + 1),
      holdings: company[3],
    }));
  return [...of('310101', HUANGPU, 0), ...of('310104', XUHUI, 10)];
}

/** The newcomer's only enterprise, which exists in the TEST stage alone. */
export function testStageEnterprise(): { enterprise: DemoEnterprise; holdings: Holdings } {
  const company: Company = ['91', '合成测试园区有限公司', '7020', { office: 1, shopping_mall: 1 }];
  return { enterprise: enterprise('310115', company, 21), holdings: company[3] };
}

import type { Basis, Purpose } from '../../gateway/policy/purposes.js';
import type { PurposeRepository } from '../../subgraphs/tenants/purposes/repository.js';

/** What usually gives the right to a purpose; a declaration over the wire names its own. */
const USUAL_BASIS: Record<Purpose, [Basis, string]> = {
  DATA_REPORTING: [
    'REGULATION',
    '上海市国家机关办公建筑和大型公共建筑能耗监测平台管理暂行办法 第四条、第八条',
  ],
  SUPERVISION: ['LAW', '中华人民共和国节约能源法 第十二条'],
  STATISTICS: ['REGULATION', '上海市国家机关办公建筑和大型公共建筑能耗监测平台管理暂行办法 第四条'],
  METERING_REVIEW: ['REGULATION', '能源计量监督管理办法'],
  INSPECTION: ['REGULATION', '节能监察办法'],
  OWN_MANAGEMENT: ['OWN_DATA', '上海市国家机关办公建筑和大型公共建筑能耗监测平台管理暂行办法 第七条'],
  ENERGY_SERVICE: ['CONTRACT', '节能服务合同'],
  PLATFORM_OPERATION: [
    'STATUTORY_DUTY',
    '上海市国家机关办公建筑和大型公共建筑能耗监测平台管理暂行办法 第二条、第四条',
  ],
};

/**
 * Declares and approves purposes of a tenant at the machine itself, for those that are set up before anybody can call.
 * What is declared already is passed over, so this may be repeated.
 */
export async function setUpPurposes(
  purposes: PurposeRepository,
  tenant: string,
  wanted: Iterable<Purpose>,
): Promise<void> {
  const { nodes } = await purposes.list({ tenant, first: 500 });
  const known = new Set(nodes.map(({ purpose }) => purpose));
  const missing = [...new Set(wanted)].filter((purpose) => !known.has(purpose));
  const declared = await purposes.declare(
    missing.map((purpose) => {
      const [basis, basisText] = USUAL_BASIS[purpose];
      return { tenant, purpose, basis, basisText };
    }),
  );
  for (const { id } of declared) await purposes.approve(id);
}

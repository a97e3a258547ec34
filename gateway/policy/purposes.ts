import { Refusal } from '../errors.js';
import { isValid, type DeclarationFact } from './question.js';

/** Why data is asked for: the closed list behind `x-hub-purpose` (seed 000, article 12: no use beyond the stated one). */
export const PURPOSES = {
  DATA_REPORTING: '数据报送',
  SUPERVISION: '节能监督管理',
  STATISTICS: '统计分析',
  METERING_REVIEW: '能源计量审查',
  INSPECTION: '节能监察',
  OWN_MANAGEMENT: '本单位用能管理',
  ENERGY_SERVICE: '节能服务',
  PLATFORM_OPERATION: '平台运行维护',
} as const;

export type Purpose = keyof typeof PURPOSES;

export function isPurpose(name: string): name is Purpose {
  return Object.hasOwn(PURPOSES, name);
}

/** What gives a tenant the right to a purpose: the closed list of legal bases of a declaration. */
export const BASES = {
  LAW: '法律',
  REGULATION: '法规规章',
  STATUTORY_DUTY: '法定职责',
  CONTRACT: '合同约定',
  CONSENT: '主体同意',
  OWN_DATA: '本单位数据权利',
} as const;

export type Basis = keyof typeof BASES;

export function isBasis(name: string): name is Basis {
  return Object.hasOwn(BASES, name);
}

/** A tenant with no declared purpose may ask who it is and declare one, and nothing else; no purpose stands in the way. */
export const WITHOUT_PURPOSE: Purpose = 'OWN_MANAGEMENT';

/** Purposes that are declared, approved and valid now, in order. */
export function declaredPurposes(declarations: readonly DeclarationFact[], now: Date): Purpose[] {
  const valid = declarations.filter((declaration) => isValid(declaration, now));
  return [...new Set(valid.map(({ purpose }) => purpose))].filter(isPurpose).sort();
}

/**
 * The purpose of a request: the header's, which the tenant must have declared, or the only one that it has declared.
 *
 * @throws Refusal PURPOSE_UNKNOWN, PURPOSE_NOT_DECLARED, PURPOSE_REQUIRED
 */
export function purposeOf(
  header: string | undefined,
  { declarations }: { declarations: readonly DeclarationFact[] },
  now: Date,
): Purpose {
  const declared = declaredPurposes(declarations, now);
  if (header !== undefined) {
    if (!isPurpose(header)) {
      throw new Refusal('PURPOSE_UNKNOWN', {
        rule: 'purpose/listed',
        message: 'x-hub-purpose is not in the closed list.',
      });
    }
    if (declared.includes(header)) return header;
    throw new Refusal('PURPOSE_NOT_DECLARED', { rule: 'purpose/declared' });
  }
  const [only = WITHOUT_PURPOSE, ...others] = declared;
  if (others.length === 0) return only;
  throw new Refusal('PURPOSE_REQUIRED', {
    rule: 'purpose/stated',
    message: `Say for which purpose: ${declared.join(', ')}.`,
  });
}

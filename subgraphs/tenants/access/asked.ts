import { Refusal } from '../../../gateway/errors.js';
import { categoryOf, isPermission, type Permission } from '../../../gateway/policy/categories.js';
import type { Tier } from '../../../gateway/policy/grant.js';
import { isBuildingType, isEnergyKind } from '../../../gateway/policy/kinds.js';
import { hasDimension } from '../../../gateway/policy/limits.js';
import { isPurpose } from '../../../gateway/policy/purposes.js';
import type { TenantState } from '../../../gateway/policy/standing.js';
import type { Row } from '../../../gateway/policy/verdict.js';
import { mustBeArea } from '../../runtime/areas.js';
import { lookUp } from '../../runtime/lookup.js';
import type { Session } from '../../runtime/session.js';
import type { Tenant } from '../entities.js';
import type { Asked } from './explain.js';
import type { AccessDecisionArguments } from './inputs.js';
import type { AccessFacts } from './repository.js';

type Question = Omit<AccessDecisionArguments, 'purpose'> & { purpose: string };

/** The question as the policy takes it. @throws Refusal BAD_USER_INPUT, PURPOSE_UNKNOWN for what is in no list. */
export function askedOf(tenant: Tenant, question: Question, area = question.area ?? null): Asked {
  const { category, action, purpose, subject, energyKind, buildingType, meterLevel } = question;
  const permission = `${category}:${action}`;
  if (!isPermission(permission)) {
    throw new Refusal('BAD_USER_INPUT', { message: `${permission} is no category and action of the hub.` });
  }
  if (!isPurpose(purpose)) throw new Refusal('PURPOSE_UNKNOWN');
  const row: Row = {
    area,
    subject: subject ?? null,
    energyKind: energyKind ?? null,
    buildingType: buildingType ?? null,
    meterLevel: meterLevel ?? null,
  };
  mustBeRow(permission, row);
  const caller = { tier: tenant.tier as Tier, area: tenant.area, uscc: tenant.uscc };
  return { caller, standing: tenant.status as TenantState, permission, purpose, row };
}

function mustBeRow(permission: Permission, { area, energyKind, buildingType, meterLevel }: Row): void {
  const category = categoryOf(permission);
  const asked = [
    ['energyKinds', energyKind === null || isEnergyKind(energyKind), energyKind],
    ['buildingTypes', buildingType === null || isBuildingType(buildingType), buildingType],
    ['meterLevels', meterLevel === null || [1, 2, 3].includes(meterLevel), meterLevel],
  ] as const;
  if (area !== null) mustBeArea(area);
  for (const [dimension, isListed, value] of asked) {
    if (value === null) continue;
    if (!isListed) throw new Refusal('BAD_USER_INPUT', { message: `${value} is none of ${dimension}.` });
    if (!hasDimension(category, dimension))
      throw new Refusal('BAD_USER_INPUT', { message: `${category} has no ${dimension}.` });
  }
}

/**
 * Where the rows lie that are asked about: as said, or where the subject lies as far as consents or the enterprises in
 * the caller's reach tell. A platform's reach goes by area, so about a subject alone it cannot be answered.
 *
 * @throws Refusal BAD_USER_INPUT when it is not known and matters.
 */
export async function areaAskedAbout(
  { tier }: Tenant,
  { area, subject }: Question,
  { consents }: AccessFacts,
  { grant, neighbours }: Session,
): Promise<string | null> {
  if (area || !subject || tier === 'ENTERPRISE') return area ?? null;
  const known = consents.find((consent) => consent.subject === subject)?.area;
  if (known) return known;
  const found = grant.reach['enterprises:read']
    ? await lookUp(neighbours, 'enterprises', [subject]).catch(unseen)
    : undefined;
  const place = found?.get(subject)?.area;
  if (!place && tier !== 'THIRD_PARTY') {
    throw new Refusal('BAD_USER_INPUT', {
      message: `Where ${subject} lies is not among what you may see: say its area too.`,
    });
  }
  return place ?? null;
}

function unseen(error: unknown): undefined {
  if (error instanceof Refusal) return undefined;
  throw error;
}

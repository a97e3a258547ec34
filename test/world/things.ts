import { usccCheckCharacter } from '../../subgraphs/runtime/uscc.js';
import type { EnergyAuditInput, MeteringReviewInput } from '../../subgraphs/audits/inputs.js';
import type { BuildingInput } from '../../subgraphs/buildings/inputs.js';
import type { EnterpriseInput } from '../../subgraphs/enterprises/inputs.js';
import type { InspectionInput } from '../../subgraphs/inspections/inputs.js';
import type { MeterInput } from '../../subgraphs/metering/inputs.js';
import { USCC_A } from './parties.js';
import type { Caller } from './caller.js';

/** What a district may register in one call of {@link has}; everything is optional, the order is that of need. */
export interface Things {
  enterprises?: EnterpriseInput[];
  buildings?: BuildingInput[];
  meters?: Partial<MeterInput>[];
  audits?: EnergyAuditInput[];
  reviews?: MeteringReviewInput[];
  inspections?: Partial<InspectionInput>[];
}

/** The ids that the hub gave, in the order of the inputs. */
export interface Registered {
  audits: string[];
  reviews: string[];
  inspections: string[];
}

/** A social credit code with a right check character, another for each number. */
export function usccOf(number: number): string {
  const first17 = `91310101H${String(number).padStart(8, '0')}`;
  return first17 + usccCheckCharacter(first17);
}

export function anEnterprise(rest: Partial<EnterpriseInput> = {}): EnterpriseInput {
  return { uscc: USCC_A, name: 'Works', area: '310101', ...rest };
}

export function aBuilding(rest: Partial<BuildingInput> = {}): BuildingInput {
  const id = rest.id ?? '310101A001';
  return {
    id,
    name: `House ${id}`,
    typeCode: id.slice(6, 7),
    area: id.slice(0, 6),
    ownerUscc: USCC_A,
    ...rest,
  };
}

export function aMeter(rest: Partial<MeterInput> = {}): Partial<MeterInput> {
  const place = rest.enterpriseUscc ? {} : { buildingId: '310101A001' };
  return {
    id: 'm1',
    name: 'Gate',
    level: 1,
    energyItem: '01000',
    unit: 'kWh',
    intervalMinutes: 60,
    ...place,
    ...rest,
  };
}

export function anAudit(rest: Partial<EnergyAuditInput> = {}): EnergyAuditInput {
  return {
    buildingId: '310101A001',
    year: 2025,
    level: 'II',
    auditor: 'Audit house',
    conclusion: 'Saves little.',
    completedOn: '2025-06-01',
    ...rest,
  };
}

export function aReview(rest: Partial<MeteringReviewInput> = {}): MeteringReviewInput {
  return {
    enterpriseUscc: USCC_A,
    year: 2025,
    leader: 'Li',
    result: 'PASSED',
    nonconformities: 0,
    plannedOn: '2025-05-01',
    ...rest,
  };
}

export function anInspection(rest: Partial<InspectionInput> = {}): Partial<InspectionInput> {
  return {
    taskNumber: 'T-1',
    enterpriseUscc: USCC_A,
    type: 'DAILY',
    level: 'DISTRICT',
    agency: 'District team',
    createdOn: '2025-04-01',
    ...rest,
  };
}

const IN_ORDER = [
  ['enterprises', 'registerEnterprises', 'EnterpriseInput', 'uscc'],
  ['buildings', 'registerBuildings', 'BuildingInput', 'id'],
  ['meters', 'registerMeters', 'MeterInput', 'id'],
  ['audits', 'recordEnergyAudits', 'EnergyAuditInput', 'id'],
  ['reviews', 'recordMeteringReviews', 'MeteringReviewInput', 'id'],
  ['inspections', 'archiveInspections', 'InspectionInput', 'id'],
] as const;

/** Registers things over the wire as `caller`, who must be allowed to. */
export async function has(caller: Caller, things: Things): Promise<Registered> {
  const registered: Registered = { audits: [], reviews: [], inspections: [] };
  for (const [kind, mutation, input, key] of IN_ORDER) {
    const rows = things[kind] ?? [];
    if (rows.length === 0) continue;
    const text = `mutation ($rows: [${input}!]!) { done: ${mutation}(${kind}: $rows) { key: ${key} } }`;
    const { done } = await caller.mustAsk<{ done: { key: string }[] }>(text, { rows });
    if (kind in registered) registered[kind as keyof Registered] = done.map(({ key: id }) => id);
  }
  return registered;
}

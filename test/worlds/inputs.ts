import type { BuildingRow, EnterpriseRow, MeterRow, PolicyWorld, WrittenCategory } from './model.js';

/** The mutation that writes an object: registers it again, or records something about it under a number of its own. */
export function writing(world: PolicyWorld, category: WrittenCategory, id: string, number: string) {
  const write = (name: string, input: string, row: object, key = 'id') => ({ name, input, row, key });
  switch (category) {
    case 'enterprises': {
      const enterprise = world.enterprises.find(({ uscc }) => uscc === id)!;
      return write('registerEnterprises', 'EnterpriseInput', enterpriseInput(enterprise), 'uscc');
    }
    case 'buildings': {
      const building = world.buildings.find((one) => one.id === id)!;
      return write('registerBuildings', 'BuildingInput', buildingInput(building));
    }
    case 'meters':
      return write('registerMeters', 'MeterInput', meterInput(world.meters.find((one) => one.id === id)!));
    case 'audits':
      return write('recordEnergyAudits', 'EnergyAuditInput', auditInput(id));
    case 'reviews':
      return write('recordMeteringReviews', 'MeteringReviewInput', reviewInput(id));
    case 'inspections':
      return write('archiveInspections', 'InspectionInput', inspectionInput(id, number));
  }
}

export function enterpriseInput({ uscc, name, area, unitClass }: Omit<EnterpriseRow, 'before'>) {
  return { uscc, name, area, unitClass };
}

export function buildingInput({ id, owner: ownerUscc, floorArea }: Omit<BuildingRow, 'ownerBefore'>) {
  const floorAreaM2 = floorArea === null ? null : String(floorArea);
  return { id, name: id, typeCode: id.slice(6, 7), area: id.slice(0, 6), ownerUscc, floorAreaM2 };
}

export function meterInput({ id, building, enterprise, level, energyItem, interval }: MeterRow) {
  const place = building ? { buildingId: building } : { enterpriseUscc: enterprise };
  const unit = energyItem.startsWith('02') ? 'm3' : 'kWh';
  return { id, name: id, level, energyItem, unit, intervalMinutes: interval, ...place };
}

export function auditInput(buildingId: string) {
  return {
    buildingId,
    year: 2024,
    level: 'II',
    auditor: 'Audit house',
    conclusion: 'Saves little.',
    completedOn: '2024-06-01',
  };
}

export function reviewInput(enterpriseUscc: string) {
  return {
    enterpriseUscc,
    year: 2024,
    leader: 'Li',
    result: 'PASSED',
    nonconformities: 0,
    plannedOn: '2024-05-01',
  };
}

export function inspectionInput(enterpriseUscc: string, taskNumber: string) {
  return {
    taskNumber,
    enterpriseUscc,
    type: 'DAILY',
    level: 'DISTRICT',
    agency: 'City team',
    createdOn: '2024-04-01',
    documents: [{ name: taskNumber }],
    findings: [{ description: taskNumber, severity: 'ADVICE' }],
  };
}

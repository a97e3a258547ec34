import { createHash } from 'node:crypto';
import { readReference } from '../../subgraphs/runtime/reference.js';
import { addDays, yearOf } from './calendar.js';
import type { DemoEnterprise } from './enterprises.js';

export type InspectionType =
  | 'DOCUMENTS'
  | 'BENCHMARKING'
  | 'EQUIPMENT_ELIMINATION'
  | 'TIERED_PRICE'
  | 'DAILY'
  | 'PROJECT_REVIEW'
  | 'MOTOR_EFFICIENCY';
export type InspectionState = 'NOT_STARTED' | 'IN_PROGRESS' | 'COMPLETED' | 'REVOKED';

/** An energy-conservation inspection (节能监察) with its documents and findings. */
export interface DemoInspection {
  enterpriseUscc: string;
  area: string;
  /** JC-2026-310101-0001: year, area of the agency, number. */
  taskNumber: string;
  type: InspectionType;
  state: InspectionState;
  level: 'PROVINCIAL' | 'MUNICIPAL' | 'DISTRICT';
  agency: string;
  createdOn: string;
  /** Names of inspection_documents.csv; the hash once the document is filed. */
  documents: { name: string; sha256?: string }[];
  findings: { clause: string; description: string; severity: 'ADVICE' | 'CORRECTION' | 'VIOLATION' }[];
}

/** No tiered price: it is for cement, steel and aluminium, and this city has none. */
const TASKS: [enterprise: number, InspectionType, InspectionState, DemoInspection['level']][] = [
  [0, 'DAILY', 'COMPLETED', 'DISTRICT'],
  [0, 'MOTOR_EFFICIENCY', 'IN_PROGRESS', 'DISTRICT'],
  [2, 'DOCUMENTS', 'COMPLETED', 'DISTRICT'],
  [3, 'EQUIPMENT_ELIMINATION', 'IN_PROGRESS', 'DISTRICT'],
  [7, 'BENCHMARKING', 'NOT_STARTED', 'MUNICIPAL'],
  [8, 'PROJECT_REVIEW', 'REVOKED', 'DISTRICT'],
  [10, 'DAILY', 'COMPLETED', 'DISTRICT'],
  [11, 'EQUIPMENT_ELIMINATION', 'COMPLETED', 'MUNICIPAL'],
  [12, 'MOTOR_EFFICIENCY', 'NOT_STARTED', 'DISTRICT'],
  [15, 'DOCUMENTS', 'IN_PROGRESS', 'DISTRICT'],
  [16, 'BENCHMARKING', 'COMPLETED', 'PROVINCIAL'],
];

const FINDINGS: DemoInspection['findings'] = [
  { clause: '节约能源法 第二十七条', description: '合成：二级能源计量器具配备不全', severity: 'CORRECTION' },
  { clause: '节约能源法 第十七条', description: '合成：一台水泵电动机属于淘汰设备', severity: 'VIOLATION' },
  { clause: 'JJF 1356-2012 6.3', description: '合成：两只电能表超过检定周期', severity: 'CORRECTION' },
  { clause: '节约能源法 第五十五条', description: '合成：能源管理岗位未备案', severity: 'ADVICE' },
];

/** How many of the listed documents a case has filed in each state. */
const FILED: Record<InspectionState, number> = { NOT_STARTED: 0, IN_PROGRESS: 5, COMPLETED: 9, REVOKED: 2 };

function documents(taskNumber: string, state: InspectionState): DemoInspection['documents'] {
  const room = new URL('../../subgraphs/inspections/room.js', import.meta.url).href;
  const names = readReference(room, 'inspection_documents.csv').map((row) => row['name_zh'] ?? '');
  const filed = names.slice(0, FILED[state]).map((name) => ({
    name,
    sha256: createHash('sha256').update(`synthetic ${taskNumber} ${name}`).digest('hex'),
  }));
  // What is due next stands there without contents.
  return state === 'REVOKED'
    ? filed
    : [...filed, ...names.slice(filed.length, filed.length + 1).map((name) => ({ name }))];
}

function agencyOf(area: string): string {
  return `${{ '310000': '上海市', '310101': '黄浦区', '310104': '徐汇区' }[area] ?? area}节能监察机构（演示）`;
}

/** Inspections of about half of the enterprises, in every state. */
export function demoInspections(enterprises: readonly DemoEnterprise[], until: string): DemoInspection[] {
  const numbers = new Map<string, number>();
  return TASKS.map(([position, type, state, level], index) => {
    const enterprise = enterprises[position];
    if (enterprise === undefined) throw new RangeError(`no enterprise ${position} to inspect`);
    const agencyArea = level === 'DISTRICT' ? enterprise.area : '310000';
    const createdOn = addDays(until, -9 * (TASKS.length - index));
    const series = `JC-${yearOf(createdOn)}-${agencyArea}`;
    const number = (numbers.get(series) ?? 0) + 1;
    numbers.set(series, number);
    const taskNumber = `${series}-${String(number).padStart(4, '0')}`;
    return {
      enterpriseUscc: enterprise.uscc,
      area: enterprise.area,
      taskNumber,
      type,
      state,
      level,
      agency: agencyOf(agencyArea),
      createdOn,
      documents: documents(taskNumber, state),
      findings: state === 'COMPLETED' ? FINDINGS.slice(index % 3, (index % 3) + (index % 2) + 1) : [],
    };
  });
}

import type { DeviceRow, FindingRow, MeterRow, PlaceRow, ReadingRow } from './meters.js';

export type * from './meters.js';

/**
 * A small world to ask the hub about: plain data, readable as JSON, so that one that goes wrong can be read, kept and
 * cut down. Ids are unique over all worlds of a run, so several of them can be merged into one.
 */
export interface PolicyWorld {
  tenants: TenantFact[];
  declarations: DeclarationFact[];
  scopes: ScopeRow[];
  consents: ConsentRow[];
  enterprises: EnterpriseRow[];
  buildings: BuildingRow[];
  meters: MeterRow[];
  readings: ReadingRow[];
  audits: AuditRow[];
  reviews: ReviewRow[];
  inspections: InspectionRow[];
  findings: FindingRow[];
  estimates: FindingRow[];
  devices: DeviceRow[];
  places: PlaceRow[];
  applications: ApplicationRow[];
  editions: EditionRow[];
  supplies: SupplyRow[];
  /** Districts that have handed in the report on access of the last quarter. */
  reports: string[];
  questions: QuestionAsked[];
}

/** Days from now; half a day is enough that no test runs across it. */
export interface Period {
  from: number;
  /** null: open */
  to: number | null;
}

export interface TenantFact {
  id: string;
  tier: 'NATIONAL' | 'MUNICIPAL' | 'DISTRICT' | 'ENTERPRISE' | 'THIRD_PARTY';
  area: string;
  uscc: string | null;
}

export interface DeclarationFact {
  id: string;
  tenant: string;
  purpose: string;
  status: 'APPROVED' | 'DECLARED' | 'REFUSED' | 'ENDED';
  valid: Period;
}

export type Action = 'read' | 'write' | 'approve' | 'review_protocol' | 'review_security';

export interface ScopeRow {
  id: string;
  tenant: string;
  category: string;
  action: Action;
  area: string;
  purposes: string[];
  valid: Period;
  /** Two digits each; null is all. */
  energyKinds: string[] | null;
  /** Letters; null is all. */
  buildingTypes: string[] | null;
}

export interface ConsentRow {
  id: string;
  subject: string;
  area: string;
  recipient: string;
  categories: string[];
  purpose: string;
  valid: Period & { to: number };
  status: 'GRANTED' | 'REQUESTED' | 'REFUSED' | 'REVOKED' | 'TERMINATED' | 'EXPIRED' | 'FULFILLED';
  energyKinds: string[] | null;
  meterLevels: number[] | null;
  finest: 'AS_METERED' | 'HOUR' | 'DAY' | 'MONTH';
}

/** A consent that was granted and is over leaves a notice of erasure. */
export function isNoticed({ status }: Pick<ConsentRow, 'status'>): boolean {
  return ['REVOKED', 'TERMINATED', 'EXPIRED', 'FULFILLED'].includes(status);
}

export function noticeOf(consent: string): string {
  return `${consent}-notice`;
}

export interface EnterpriseRow {
  uscc: string;
  name: string;
  area: string;
  /** Class of a key unit, which has a plan then; null: it is none. */
  unitClass: 'WANJIA' | null;
  /** Where it was registered before; null: it never moved. */
  before: string | null;
}

/** Its code says the area (six digits) and the type (a letter). */
export interface BuildingRow {
  id: string;
  owner: string;
  /** m²; null: not registered. */
  floorArea: number | null;
  /** Who owned it before; null: nobody else. */
  ownerBefore: string | null;
}

export interface AuditRow {
  id: string;
  building: string;
}

export interface ReviewRow {
  id: string;
  enterprise: string;
}

export interface InspectionRow {
  id: string;
  enterprise: string;
}

export interface ApplicationRow {
  id: string;
  /** A tenant of the world. */
  applicant: string;
  area: string;
  /** Credit code of an enterprise that connects directly. */
  subject: string | null;
  state: 'DRAFT' | 'SUBMITTED' | 'TESTING' | 'CONNECTED';
  /** Unified social credit codes of its list. */
  units: string[];
}

/** Published statistics of a city or province. */
export interface EditionRow {
  id: string;
  area: string;
  cells: { area: string; buildingType: string | null; total: string | null }[];
}

/** What a tenant supplied on the reading day; its customer number is its id. */
export interface SupplyRow {
  id: string;
  supplier: string;
  /** Where it was supplied, as the supplier says. */
  area: string;
  energyItem: string;
  /** What the number stands for, and of which area whoever confirmed that is; null: nobody said. */
  meter: string | null;
  confirmedIn: string;
}

/** Who asks, with which `x-hub-purpose` (null: without one), and what it tries to write. */
export interface QuestionAsked {
  tenant: string;
  header: string | null;
  /** The day that it reports readings of; its own, so that nobody disturbs the others. */
  uploadDay: string;
  /** Meters of which it reports a day, its own and others’. */
  uploads: string[];
  /** Upload days of the batches whose rejected lines it asks for. */
  batches: string[];
  /** `category:action`: decisions that it wants explained. */
  decisions: string[];
  /** Enterprises of which it asks who was told what about them. */
  subjects: string[];
  /** Objects that it asks for by id, and objects that it tries to register or record again. */
  ids: string[];
  /** Records that it asks for one by one; `none` is of none. */
  tenantAsked: string;
  consentAsked: string;
  declarationAsked: string;
  /** Applications and cases (by meter and rule) that it asks for one by one. */
  applications: string[];
  cases: string[];
  /** Where it asks for exact figures, and editions whose receipt it confirms. */
  figuresOf: string;
  acknowledges: string[];
  writes: { category: WrittenCategory; id: string }[];
}

/** What it asks about another tenant: may that, for the purpose of the question? */
export function decisionAsked({ decisions }: Pick<QuestionAsked, 'decisions'>): string {
  return decisions[0] ?? 'meters:read';
}

export type WrittenCategory = 'enterprises' | 'buildings' | 'meters' | 'audits' | 'reviews' | 'inspections';

/** The day whose readings are read. */
export const READING_DAY = '2025-03-01';
/** It is the only day of its month, which has been over for long. */
export const READING_MONTH = { from: '2025-03-01', to: '2025-03-31' };
/** The quarter that is over, whose reports are due. */
export const REPORTED_QUARTER = lastQuarter(new Date());
/** The day whose quality was judged. */
export const JUDGED_DAY = '2025-02-01';

function lastQuarter(now: Date): string {
  const inChina = new Date(now.getTime() + 8 * 3_600_000);
  const quarters = inChina.getUTCFullYear() * 4 + Math.floor(inChina.getUTCMonth() / 3) - 1;
  return `${Math.floor(quarters / 4)}Q${(quarters % 4) + 1}`;
}

/** What somebody was told, one line a question: the hub's lines and the oracle's are compared as they are. */
export type Told = Record<string, string>;

export function merged(worlds: readonly PolicyWorld[]): PolicyWorld {
  const keys = Object.keys(worlds[0] ?? {}) as (keyof PolicyWorld)[];
  const all = keys.map((key) => [key, worlds.flatMap((world) => world[key] as unknown[])]);
  return Object.fromEntries(all) as PolicyWorld;
}

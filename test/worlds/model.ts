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
  finest: 'AS_METERED' | 'HOUR' | 'DAY';
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
}

/** Its code says the area (six digits) and the type (a letter). */
export interface BuildingRow {
  id: string;
  owner: string;
}

/** Of a building, or of an enterprise without one. */
export interface MeterRow {
  id: string;
  building: string | null;
  enterprise: string | null;
  level: number;
  energyItem: string;
  interval: number;
}

/** The one day of the world, as decimal text; null is missing. */
export interface ReadingRow {
  meter: string;
  values: (string | null)[];
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
  writes: { category: WrittenCategory; id: string }[];
}

export type WrittenCategory = 'enterprises' | 'buildings' | 'meters' | 'audits' | 'reviews' | 'inspections';

/** The day whose readings are read. */
export const READING_DAY = '2025-03-01';

/** What somebody was told, one line a question: the hub's lines and the oracle's are compared as they are. */
export type Told = Record<string, string>;

export function merged(worlds: readonly PolicyWorld[]): PolicyWorld {
  const all = <Key extends keyof PolicyWorld>(key: Key): PolicyWorld[Key] =>
    worlds.flatMap((world) => world[key] as unknown[]) as PolicyWorld[Key];
  return {
    tenants: all('tenants'),
    declarations: all('declarations'),
    scopes: all('scopes'),
    consents: all('consents'),
    enterprises: all('enterprises'),
    buildings: all('buildings'),
    meters: all('meters'),
    readings: all('readings'),
    audits: all('audits'),
    reviews: all('reviews'),
    inspections: all('inspections'),
    questions: all('questions'),
  };
}

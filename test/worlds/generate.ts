import { pick, randomFor, type Random, wholeBetween } from '../../scripts/demo/randomness.js';
import { usccCheckCharacter } from '../../subgraphs/runtime/uscc.js';
import type {
  Action,
  BuildingRow,
  ConsentRow,
  DeclarationFact,
  EnterpriseRow,
  MeterRow,
  Period,
  PolicyWorld,
  QuestionAsked,
  ReadingRow,
  ScopeRow,
  TenantFact,
  WrittenCategory,
} from './model.js';

const OVER: Period & { to: number } = { from: -30, to: -1 };
const TO_COME: Period & { to: number } = { from: 1, to: 30 };
const NOT_OPEN = ['REQUESTED', 'REFUSED', 'REVOKED', 'TERMINATED', 'EXPIRED', 'FULFILLED'] as const;

/** Worlds side by side in one hub differ in their provinces, 11 to 98; two each. */
const PROVINCE_PAIRS = 44;
/** Few purposes in a world, so that scopes, consents and questions meet. */
const PURPOSES = ['DATA_REPORTING', 'SUPERVISION', 'ENERGY_SERVICE', 'OWN_MANAGEMENT', 'STATISTICS'];
const SUBJECT_CATEGORIES = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'audits',
  'reviews',
  'inspections',
];
const OWN_CATEGORIES = [
  'batches',
  'tenants',
  'scopes',
  'consents',
  'purposes',
  'disclosures',
  'corrections',
  'applications',
];
/** What only some categories have, beside reading and writing: the offices that decide. */
const OFFICES: [string, Action][] = [
  ['purposes', 'approve'],
  ['corrections', 'approve'],
  ['applications', 'review_protocol'],
  ['applications', 'review_security'],
  ['applications', 'approve'],
];
const PERMISSIONS = [
  ...[...SUBJECT_CATEGORIES, ...OWN_CATEGORIES, 'packages'].flatMap((category) =>
    category === 'disclosures' ? [`${category}:read`] : [`${category}:read`, `${category}:write`],
  ),
  ...OFFICES.map(([category, action]) => `${category}:${action}`),
];
const KINDS = ['01', '02', '03'];
const TYPES = ['A', 'B', 'H'];
const ITEMS = ['01000', '01000', '01000', '01A00', '02000', '03000'];
const INTERVALS = [15, 30, 60, 1440];

/**
 * World `number` of a seed: always the same, whatever runs beside it. Chance is bent towards what makes a difference:
 * most scopes and consents are valid and meet, some just miss in one respect.
 */
export function worldOf(seed: number, number: number): PolicyWorld {
  return new Generator(randomFor('world', seed, number), number).world();
}

class Generator {
  readonly #random: Random;
  readonly #number: number;
  readonly #areas: { nation: string; provinces: string[]; cities: string[]; districts: string[] };
  readonly #purposes: string[];

  constructor(random: Random, number: number) {
    this.#random = random;
    this.#number = number;
    const first = 11 + 2 * (number % PROVINCE_PAIRS);
    const [home, away] = [String(first), String(first + 1)];
    this.#areas = {
      nation: '100000',
      provinces: [`${home}0000`, `${away}0000`],
      cities: [`${home}0100`, `${away}0200`],
      districts: [`${home}0101`, `${home}0101`, `${home}0102`, `${away}0101`],
    };
    this.#purposes = this.#some(PURPOSES, 2, 3);
  }

  world(): PolicyWorld {
    const enterprises = this.#times(2, 3, (index) => this.#enterprise(index));
    const buildings = this.#times(2, 4, (index) => this.#building(index, enterprises));
    const meters = this.#times(3, 7, (index) => this.#meter(index, enterprises, buildings));
    const tenants = this.#times(3, 5, (index) => this.#tenant(index, enterprises));
    const readings = meters.flatMap((meter) => (this.#chance(0.85) ? [this.#reading(meter)] : []));
    const scopes = tenants.flatMap((tenant) => this.#scopesOf(tenant));
    const world = {
      tenants,
      declarations: tenants.flatMap((tenant) => this.#declarationsOf(tenant, scopes)),
      scopes,
      consents: this.#consents(tenants, enterprises, scopes),
      enterprises,
      buildings,
      meters,
      readings,
      audits: this.#times(1, 3, (index) => ({
        id: this.#id('audit', index),
        building: this.#pick(buildings).id,
      })),
      reviews: this.#times(1, 2, (index) => ({
        id: this.#id('review', index),
        enterprise: this.#pick(enterprises).uscc,
      })),
      inspections: this.#times(1, 2, (index) => ({
        id: this.#id('inspection', index),
        enterprise: this.#pick(enterprises).uscc,
      })),
    };
    const questions = tenants.map((tenant, index) => this.#question(index, tenant, world));
    const days = questions.map((question) => question.uploadDay);
    return {
      ...world,
      questions: questions.map((question) => ({ ...question, batches: this.#some(days, 1, 2) })),
    };
  }

  #enterprise(index: number): EnterpriseRow {
    const area = this.#pick(this.#areas.districts);
    const first17 = `91${area}W${String(this.#number * 10 + index).padStart(8, '0')}`;
    return { uscc: first17 + usccCheckCharacter(first17), name: this.#id('enterprise', index), area };
  }

  /** Most buildings lie where their owner is registered, some elsewhere. */
  #building(index: number, enterprises: EnterpriseRow[]): BuildingRow {
    const owner = this.#pick(enterprises);
    const area = this.#chance(0.7) ? owner.area : this.#pick(this.#areas.districts);
    return { id: `${area}${this.#pick(TYPES)}${String(index + 1).padStart(3, '0')}`, owner: owner.uscc };
  }

  #meter(index: number, enterprises: EnterpriseRow[], buildings: BuildingRow[]): MeterRow {
    const isInside = this.#chance(0.8);
    return {
      id: this.#id('m', index),
      building: isInside ? this.#pick(buildings).id : null,
      enterprise: isInside ? null : this.#pick(enterprises).uscc,
      level: wholeBetween(this.#random, 1, 3),
      energyItem: this.#pick(ITEMS),
      interval: this.#pick(INTERVALS),
    };
  }

  #reading({ id, interval }: MeterRow): ReadingRow {
    const isEmptyHour = Array.from({ length: 24 }, () => this.#chance(0.1));
    const values = Array.from({ length: 1440 / interval }, (_, slot) => {
      if (isEmptyHour[Math.floor((slot * interval) / 60)] || this.#chance(0.05)) return null;
      return (wholeBetween(this.#random, 0, 9_999) / 100).toFixed(2);
    });
    return { meter: id, values };
  }

  #tenant(index: number, enterprises: EnterpriseRow[]): TenantFact {
    const tier = this.#pick([
      'NATIONAL',
      'MUNICIPAL',
      'DISTRICT',
      'ENTERPRISE',
      'THIRD_PARTY',
      'THIRD_PARTY',
    ] as const);
    const { nation, provinces, cities, districts } = this.#areas;
    const enterprise = this.#pick(enterprises);
    const area = {
      NATIONAL: nation,
      MUNICIPAL: this.#pick([...provinces, ...cities]),
      DISTRICT: this.#pick(districts),
      ENTERPRISE: enterprise.area,
      THIRD_PARTY: this.#pick(districts),
    }[tier];
    // A code alone opens nothing but to an enterprise.
    const uscc = tier === 'ENTERPRISE' || this.#chance(0.2) ? enterprise.uscc : null;
    return { id: this.#id('t', index), tier, area, uscc };
  }

  #scopesOf(tenant: TenantFact): ScopeRow[] {
    const isThirdParty = tenant.tier === 'THIRD_PARTY';
    const bundles = this.#times(2, 4, () => ({
      action: this.#chance(isThirdParty ? 0.1 : 0.4) ? ('write' as Action) : 'read',
      categories: [
        ...this.#some(SUBJECT_CATEGORIES, this.#chance(0.6) ? 7 : 2, 7),
        ...(this.#chance(0.7) ? ['packages'] : []),
        ...this.#some(OWN_CATEGORIES, 0, 2),
      ],
      area: isThirdParty && this.#chance(0.6) ? this.#pick(this.#wideAreas()) : this.#scopeArea(tenant),
      purposes: this.#some(this.#purposes, this.#chance(0.6) ? 2 : 1, 3),
      valid: this.#period(),
      energyKinds: this.#chance(0.25) ? this.#some(KINDS, 1, 2) : null,
      buildingTypes: this.#chance(0.2) ? this.#some(['A', 'B', 'Z'], 1, 2) : null,
    }));
    const rows = bundles.flatMap(({ categories, ...bundle }) => [
      ...categories.map((category) => ({ ...bundle, category })),
      ...this.#some(OFFICES, 0, 1).map(([category, action]) => ({ ...bundle, category, action })),
    ]);
    return rows.map((row, index) => ({
      ...row,
      id: `${tenant.id}-s${index}`,
      tenant: tenant.id,
      energyKinds: ['meters', 'readings'].includes(row.category) ? row.energyKinds : null,
      buildingTypes: ['buildings', 'meters', 'readings', 'audits'].includes(row.category)
        ? row.buildingTypes
        : null,
    }));
  }

  #wideAreas(): string[] {
    return [this.#areas.nation, this.#areas.provinces[0]!, this.#areas.cities[0]!];
  }

  #scopeArea({ area }: TenantFact): string {
    if (this.#chance(0.65)) return area;
    const { nation, provinces, cities, districts } = this.#areas;
    return this.#pick([nation, ...provinces, ...cities, ...districts]);
  }

  #declarationsOf(tenant: TenantFact, scopes: ScopeRow[]): DeclarationFact[] {
    const named = new Set(
      scopes.filter(({ tenant: of }) => of === tenant.id).flatMap(({ purposes }) => purposes),
    );
    return [...named].map((purpose, index) => ({
      id: `${tenant.id}-d${index}`,
      tenant: tenant.id,
      purpose,
      status: this.#chance(0.85) ? 'APPROVED' : this.#pick(['DECLARED', 'REFUSED', 'ENDED'] as const),
      valid: this.#chance(0.85) ? { from: -30, to: null } : this.#pick([OVER, TO_COME]),
    }));
  }

  #consents(tenants: TenantFact[], enterprises: EnterpriseRow[], scopes: ScopeRow[]): ConsentRow[] {
    const thirdParties = tenants.filter(({ tier }) => tier === 'THIRD_PARTY');
    const consents = this.#times(4, 9, (index): ConsentRow => {
      const subject = this.#pick(enterprises);
      const recipients = this.#chance(0.9) && thirdParties.length > 0 ? thirdParties : tenants;
      const recipient = this.#pick(recipients).id;
      const { from, to } = this.#period();
      return {
        id: this.#id('c', index),
        subject: subject.uscc,
        area: this.#chance(0.85) ? subject.area : this.#pick(this.#areas.districts),
        recipient,
        categories: this.#some(SUBJECT_CATEGORIES, this.#chance(0.6) ? 7 : 1, 7),
        purpose: this.#pick(this.#chance(0.85) ? purposesOf(recipient, scopes) : this.#purposes),
        valid: { from, to: to ?? 365 },
        status: this.#chance(0.75) ? 'GRANTED' : this.#pick(NOT_OPEN),
        energyKinds: this.#chance(0.25) ? this.#some(KINDS, 1, 2) : null,
        meterLevels: this.#chance(0.25) ? this.#some([1, 2, 3], 1, 2) : null,
        finest: this.#pick(['AS_METERED', 'HOUR', 'DAY'] as const),
      };
    });
    // A subject is asked one thing at a time.
    const asked = ({ recipient, subject, purpose }: ConsentRow): string =>
      [recipient, subject, purpose].join(' ');
    return consents.map((consent, index) =>
      consents.findIndex((one) => one.status === 'REQUESTED' && asked(one) === asked(consent)) < index &&
      consent.status === 'REQUESTED'
        ? { ...consent, status: 'REFUSED' }
        : consent,
    );
  }

  #question(
    index: number,
    tenant: TenantFact,
    world: Omit<PolicyWorld, 'questions'>,
  ): Omit<QuestionAsked, 'batches'> {
    const { enterprises, buildings, meters } = world;
    const ids = [
      ...enterprises.map(({ uscc }) => uscc),
      ...buildings.map(({ id }) => id),
      ...meters.map(({ id }) => id),
    ];
    const written: Record<WrittenCategory, string[]> = {
      enterprises: enterprises.map(({ uscc }) => uscc),
      buildings: buildings.map(({ id }) => id),
      meters: meters.map(({ id }) => id),
      audits: buildings.map(({ id }) => id),
      reviews: enterprises.map(({ uscc }) => uscc),
      inspections: enterprises.map(({ uscc }) => uscc),
    };
    const categories = this.#some(Object.keys(written) as WrittenCategory[], 1, 2);
    return {
      tenant: tenant.id,
      header: this.#header(tenant, world.scopes),
      uploadDay: uploadDay((this.#number % PROVINCE_PAIRS) * 10 + index),
      uploads: [...meters.map(({ id }) => id), `nobody-${this.#number}`],
      decisions: this.#some(PERMISSIONS, 2, 3),
      subjects: this.#some(enterprises, 1, 2).map(({ uscc }) => uscc),
      ids: this.#some(ids, 1, 3),
      writes: categories.map((category) => ({ category, id: this.#pick(written[category]) })),
    };
  }

  #header({ id }: TenantFact, scopes: ScopeRow[]): string | null {
    if (this.#chance(0.1)) return null;
    if (this.#chance(0.02)) return 'CURIOSITY';
    return this.#pick(this.#chance(0.8) ? purposesOf(id, scopes) : PURPOSES);
  }

  /** Mostly now, some over, some not begun. */
  #period(): Period {
    if (this.#chance(0.85)) return { from: -30, to: this.#chance(0.5) ? null : 30 };
    return this.#pick([OVER, TO_COME]);
  }

  #id(kind: string, index: number): string {
    return `w${this.#number}-${kind}${index + 1}`;
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #pick<T>(items: readonly T[]): T {
    return pick(this.#random, items);
  }

  #times<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: wholeBetween(this.#random, least, most) }, (_, index) => make(index));
  }

  /** Some of the items, each once, in their order. */
  #some<T>(items: readonly T[], least: number, most: number): T[] {
    const count = Math.min(items.length, wholeBetween(this.#random, least, most));
    const left = items.map((item, index) => ({ item, index }));
    const chosen = Array.from(
      { length: count },
      () => left.splice(Math.floor(this.#random() * left.length), 1)[0]!,
    );
    return chosen.toSorted((one, other) => one.index - other.index).map(({ item }) => item);
  }
}

/** As often as they are named, so that the likeliest is the one that most scopes serve. */
function purposesOf(tenant: string, scopes: ScopeRow[]): string[] {
  return scopes.filter((scope) => scope.tenant === tenant).flatMap(({ purposes }) => purposes);
}

/** A day of its own for each question of the worlds side by side, before the day that is read. */
function uploadDay(number: number): string {
  return new Date(Date.UTC(2023, 5, 1 + number)).toISOString().slice(0, 10);
}

import type { PolicyWorld, Site } from './model.js';

/** Parts that can be left out of a world, what most depends on others last. */
const PARTS = [
  'questions',
  'tenants',
  'scopes',
  'consents',
  'declarations',
  'supplies',
  'editions',
  'reports',
  'applications',
  'estimates',
  'places',
  'devices',
  'findings',
  'inspections',
  'reviews',
  'audits',
  'readings',
  'meters',
  'buildings',
  'enterprises',
] as const satisfies (keyof PolicyWorld)[];

/**
 * The smallest world that still goes wrong: leaves out all of a kind, halves, quarters, then single parts, as long as
 * it does, and makes what is left as plain as it can be.
 */
export async function smallest(
  world: PolicyWorld,
  goesWrong: (world: PolicyWorld) => Promise<boolean>,
): Promise<PolicyWorld> {
  let current = world;
  const attempt = async (candidate: PolicyWorld): Promise<boolean> => {
    const whole = consistent(candidate);
    const isWrong = JSON.stringify(whole) !== JSON.stringify(current) && (await goesWrong(whole));
    if (isWrong) current = whole;
    return isWrong;
  };
  for (const part of PARTS) {
    for (let size = current[part].length; size > 0; size = size > 1 ? Math.ceil(size / 2) : 0)
      for (let at = 0; at < current[part].length;)
        if (!(await attempt({ ...current, [part]: without<unknown>(current[part], at, size) }))) at += size;
  }
  for (const plainer of PLAINER) await attempt(plainer(current));
  return current;
}

function without<Item>(items: readonly Item[], at: number, count: number): Item[] {
  return [...items.slice(0, at), ...items.slice(at + count)];
}

const ASKED_NOTHING = { tenantAsked: 'none', consentAsked: 'none', declarationAsked: 'none' };

const FOR_EVER = { from: -30, to: null };

const PLAINER: ((world: PolicyWorld) => PolicyWorld)[] = [
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, ids: [] })) }),
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, subjects: [] })) }),
  (world) => ({
    ...world,
    questions: world.questions.map((question) => ({ ...question, ...ASKED_NOTHING })),
  }),
  (world) => ({ ...world, enterprises: world.enterprises.map((one) => ({ ...one, before: null })) }),
  (world) => ({ ...world, buildings: world.buildings.map((one) => ({ ...one, ownerBefore: null })) }),
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, decisions: [] })) }),
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, writes: [] })) }),
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, uploads: [] })) }),
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, batches: [] })) }),
  (world) => ({
    ...world,
    questions: world.questions.map((question) => ({ ...question, applications: [] })),
  }),
  (world) => ({ ...world, questions: world.questions.map((question) => ({ ...question, cases: [] })) }),
  (world) => ({
    ...world,
    questions: world.questions.map((question) => ({ ...question, acknowledges: [] })),
  }),
  (world) => ({ ...world, scopes: world.scopes.map((scope) => ({ ...scope, valid: FOR_EVER })) }),
  (world) => ({ ...world, scopes: world.scopes.map((scope) => ({ ...scope, energyKinds: null })) }),
  (world) => ({ ...world, scopes: world.scopes.map((scope) => ({ ...scope, buildingTypes: null })) }),
  (world) => ({ ...world, consents: world.consents.map((consent) => ({ ...consent, energyKinds: null })) }),
  (world) => ({ ...world, consents: world.consents.map((consent) => ({ ...consent, meterLevels: null })) }),
  (world) => ({
    ...world,
    consents: world.consents.map((consent) => ({ ...consent, finest: 'AS_METERED' })),
  }),
  (world) => ({
    ...world,
    readings: world.readings.map((reading) => ({ ...reading, values: reading.values.map(() => '1.00') })),
  }),
  (world) => ({ ...world, readings: world.readings.map((reading) => ({ ...reading, first: null })) }),
  (world) => ({ ...world, meters: world.meters.map((meter) => ({ ...meter, former: null })) }),
];

/** What refers to something left out is left out too. */
function consistent(world: PolicyWorld): PolicyWorld {
  const idsOf = (rows: { id: string }[]): Set<string> => new Set(rows.map(({ id }) => id));
  const enterprises = new Set(world.enterprises.map(({ uscc }) => uscc));
  const buildings = world.buildings
    .filter(({ owner }) => enterprises.has(owner))
    .map((one) => ({ ...one, ownerBefore: enterprises.has(one.ownerBefore ?? '') ? one.ownerBefore : null }));
  const houses = idsOf(buildings);
  const isStanding = ({ building, enterprise }: Site): boolean =>
    building ? houses.has(building) : enterprises.has(enterprise!);
  const meters = world.meters
    .filter(isStanding)
    .map((meter) => (meter.former && !isStanding(meter.former) ? { ...meter, former: null } : meter));
  const counters = idsOf(meters);
  const tenants = idsOf(world.tenants);
  const applications = world.applications.filter(
    ({ applicant, units }) => tenants.has(applicant) && units.every((unit) => enterprises.has(unit)),
  );
  const forms = idsOf(applications);
  const editions = idsOf(world.editions);
  const found = world.findings.filter(({ meter }) => counters.has(meter));
  const cases = new Set(found.map(({ meter, rule }) => `${meter} ${rule}`));
  const known = [enterprises, houses, counters, forms, editions];
  const isThere = (id: string): boolean => known.some((ids) => ids.has(id));
  const declarations = world.declarations.filter(({ tenant }) => tenants.has(tenant));
  const consents = world.consents.filter(({ recipient }) => tenants.has(recipient));
  const oneOf = (rows: { id: string }[], id: string): string => (idsOf(rows).has(id) ? id : 'none');
  return {
    tenants: world.tenants,
    declarations,
    scopes: world.scopes.filter(({ tenant }) => tenants.has(tenant)),
    consents,
    enterprises: world.enterprises,
    buildings,
    meters,
    readings: world.readings.filter(({ meter }) => counters.has(meter)),
    audits: world.audits.filter(({ building }) => houses.has(building)),
    reviews: world.reviews.filter(({ enterprise }) => enterprises.has(enterprise)),
    inspections: world.inspections.filter(({ enterprise }) => enterprises.has(enterprise)),
    findings: found,
    estimates: world.estimates.filter(({ meter, rule }) => cases.has(`${meter} ${rule}`)),
    devices: world.devices.filter(({ meter }) => counters.has(meter)),
    places: world.places.filter(
      ({ enterprise, meter }) => enterprises.has(enterprise) && (meter === null || counters.has(meter)),
    ),
    applications,
    editions: world.editions,
    reports: world.reports,
    supplies: world.supplies.filter(
      ({ supplier, meter }) => tenants.has(supplier) && (meter === null || counters.has(meter)),
    ),
    questions: world.questions
      .filter(({ tenant }) => tenants.has(tenant))
      .map((question) => ({
        ...question,
        uploads: question.uploads.filter((id) => counters.has(id) || id.startsWith('nobody')),
        ids: question.ids.filter(isThere),
        tenantAsked: oneOf(world.tenants, question.tenantAsked),
        consentAsked: oneOf(consents, question.consentAsked),
        declarationAsked: oneOf(declarations, question.declarationAsked),
        applications: question.applications.filter(isThere),
        cases: question.cases.filter((name) => cases.has(name)),
        acknowledges: question.acknowledges.filter(isThere),
        subjects: question.subjects.filter(isThere),
        writes: question.writes.filter(({ id }) => isThere(id)),
      })),
  };
}

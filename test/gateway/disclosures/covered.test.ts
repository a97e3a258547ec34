import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { isObjectType } from 'graphql';
import { aboutOf, AboutSubject } from '../../../subgraphs/runtime/about.js';
import { rooms } from '../../../subgraphs/index.js';
import { Database } from '../../../subgraphs/runtime/database.js';
import { openWorld, type World } from '../../world/world.js';

let world: World;
let database: Database;
beforeAll(async () => {
  world = await openWorld();
  database = new Database({ url: world.databases.FORMAL.rooms });
}, 60_000);
afterAll(async () => {
  await database.close();
  await world.close();
});

@Entity({ schema: 'x', tableName: 'unmarked' })
class Unmarked {
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Property({ type: 'text' })
  subject!: string;
}

@Entity({ schema: 'x', tableName: 'company' })
class Company {
  @PrimaryKey({ type: 'text' })
  uscc!: string;
}

@AboutSubject('meters', { area: 'place' })
@Entity({ schema: 'x', tableName: 'misnamed' })
class Misnamed {
  @PrimaryKey({ type: 'text' })
  subject!: string;

  @Property({ type: 'text' })
  area!: string;
}

test.each([
  ['a subject', Unmarked, 'Unmarked is about a subject: mark it with @AboutSubject'],
  ['a credit code', Company, 'Company is about a subject: mark it with @AboutSubject'],
  ['a mark that names no property of it', Misnamed, 'Misnamed has no property place, by which it is counted'],
])('a room with an entity that has %s does not open', async (_what, entity, message) => {
  await expect(database.orm([entity])).rejects.toThrow(message);
});

/** Tables about subjects whose rows no answer is made of. */
const READ_BY_DOORS: Record<string, string> = {
  'corrections.correction': 'read as visible_correction',
  'corrections.break_glass': 'read as visible_break_glass',
  'corrections.event': 'read with the correction, which is counted',
  'tenants.application_event': 'read with the application, which is counted',
  'audits.applied_correction': 'evidence: what is shown of it stands in the correction',
  'inspections.applied_correction': 'evidence, likewise',
  'metering.applied_correction': 'evidence, likewise',
  'enterprises.access_plan': 'read as known_access_plan',
  'enterprises.key_unit': 'read with AccessUnit, which is counted as it is measured',
  'metering.day_block': 'read as visible_day',
  'metering.estimate_day': 'read as visible_estimate_day',
  'metering.day_block_superseded': 'read as visible_superseded_day',
  'metering.rollup_day': 'sums: the statement that adds them up counts whose readings went into them',
  'metering.rollup_month': 'sums, likewise',
  'metering.statistics_contribution':
    'what an edition is compared with when it is revised; nobody is answered with it',
  'metering.metered_place_superseded':
    'earlier registrations of places: evidence that nobody is answered with',
  'metering.register_day_superseded': 'earlier readings of registers: evidence that nobody is answered with',
  'metering.visible_superseded_day': 'earlier versions: the day’s door has them, and counts them',
};

test('every table and view with a subject has an entity that is counted, or stands here with the reason', async () => {
  const tables = await world.sql<{ table: string }>(
    `select distinct nspname || '.' || relname as table
     from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
     where attname in ('subject', 'uscc') and relkind in ('r', 'p', 'v') and not relispartition
       and nspname !~ '^(pg_|information_schema$|ledger$|public$)'`,
  );
  const built = await Promise.all(rooms.map((room) => room.build()));
  const orm = await database.orm(built.flatMap(({ entities }) => entities));
  const counted = [...orm.getMetadata().getAll().values()].flatMap(({ class: entity, schema, tableName }) =>
    aboutOf(entity) ? [`${schema}.${tableName}`] : [],
  );

  const names = tables.map(({ table }) => table);
  expect(names.filter((name) => !counted.includes(name) && !(name in READ_BY_DOORS))).toEqual([]);
  expect(names.length).toBeGreaterThan(8);
});

/** What is known of subjects and stands in answers without rows of theirs. */
const COUNTED_BY_THEMSELVES: Record<string, string> = {
  Consumption: 'a sum: the statement that makes it counts whose readings went into it',
  AccessUnit: 'counted as it is measured, whichever of them an answer names',
  AccessEnergyClass: 'part of an access unit',
  AccessFigures: 'counts of access units, each of which was counted',
  AccessTargetState: 'counts of access units, likewise',
  AccessReport: 'counts and lists of access units, likewise',
  AccessReportDue: 'counts of key units, each of which is counted as they are listed',
  AccessReportVersion: 'what a district said of itself: texts, and counts that name nobody',
  EnergyBreakdown: 'sums: the statement that makes them counts whose readings went into them',
  EnergyPart: 'part of a breakdown, likewise',
  Remainder: 'part of a breakdown, likewise',
  ComprehensiveEnergy: 'sums: the statement that makes them counts likewise',
  EstimateParameter: 'part of a day of estimates, which is counted',
  EstimateSource: 'part of a day of estimates, likewise',
  MeterInterval: 'values of a day: whoever answers with them counts them',
  MeterFindingCount: 'numbers, likewise, of the meters that it names',
  QualityFindingCount: 'numbers: the statement that counts them counts whose findings they are',
  StatisticsFigure: 'a sum: the statement that makes it counts whose readings went into it',
  PeerComparison: 'sums, which count themselves, beside what is published',
  EarlierYear: 'part of a comparison',
  QuotaLabel: 'a sum, which counts itself, beside a quota',
  ComprehensiveTerm: 'part of comprehensive energy',
  ConsumptionPeriod: 'a sum, likewise',
  EnergyIntensity: 'names a building, whose own room counts it',
  SpecificConsumption: 'a sum, which was counted, by what the building’s room told and counted',
  MeterFitOut: 'numbers: the statement that counts them counts whose they are',
  FitOutRate: 'part of a fit-out, likewise',
  AccumulatedValue: 'part of a day of registers, which is counted',
  SupplyDifference: 'records and sums: the page counts whose supplies, meters and readings stand in each',
  CustomerCandidate: 'a proposal: the page counts the owners of the meters that it names',
  CoalEquivalent: 'a sum counted otherwise; the sum was counted',
  CorrectionChange: 'part of a correction, which is counted',
  CorrectionEvent: 'part of a correction, which is counted',
  BreakGlassChange: 'part of a request, which is counted',
  BreakGlassColumn: 'part of a request, which is counted',
  BreakGlassEvent: 'who asked and who decided',
};
const ABOUT_SUBJECTS =
  /"(enterprises|buildings|meters|readings|supplies|audits|reviews|inspections|consents|corrections):/;

test('every type about subjects counts its objects as they are answered with, or stands here with the reason', async () => {
  const built = await Promise.all(rooms.map((room) => room.build()));
  const types = built.flatMap(({ schema }) => Object.values(schema.getTypeMap()).filter(isObjectType));
  const about = types.filter(({ astNode }) =>
    astNode?.directives?.some(
      ({ name, loc }) =>
        name.value === 'requiresScopes' &&
        ABOUT_SUBJECTS.test(loc?.source.body.slice(loc.start, loc.end) ?? ''),
    ),
  );
  const counted = new Set(types.filter(({ isTypeOf }) => isTypeOf).map(({ name }) => name));
  const names = [...new Set(about.map(({ name }) => name))];

  const nodes = names.map((name) => name.replace(/(Connection|Edge)$/, ''));
  expect(nodes.filter((name) => !counted.has(name) && !(name in COUNTED_BY_THEMSELVES))).toEqual([]);
  expect(names).toEqual(
    expect.arrayContaining(['Meter', 'MeterDay', 'MeterConnection', 'Consumption', 'Consent']),
  );
});

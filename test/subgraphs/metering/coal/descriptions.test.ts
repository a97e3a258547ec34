import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isObjectType } from 'graphql';

const schema = buildSchema(readFileSync('schema/api.graphql', 'utf8'), { assumeValid: true });
/** What is made of measured values alone, and is asked for as one figure. */
const MEASURED = ['CoalEquivalent', 'ComprehensiveEnergy', 'EnergyBreakdown', 'Remainder'];

test.each(MEASURED)('%s says that it is of measured values alone', (name) => {
  expect(schema.getType(name)?.description).toMatch(/measured.*仅实测\)$/is);
});

test('so does every field of consumption, enterprises and buildings that gives one', () => {
  const silent = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => ['Query', 'Consumption', 'Building', 'Enterprise', 'Remainder'].includes(name))
    .flatMap((type) => Object.values(type.getFields()))
    .filter((field) => MEASURED.includes(getNamedType(field.type).name))
    .filter(({ description }) => !description?.includes('仅实测'));

  expect(silent.map(({ name }) => name)).toEqual([]);
});

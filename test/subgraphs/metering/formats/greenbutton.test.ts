import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type MeterRow, ReadingsWorld, testServer } from '../readings/readings-world.js';

const FOLDER = '../shared/data/greenbutton';
const REAL = existsSync(FOLDER);
if (!REAL) process.stderr.write(`skipped: there is no real data at ${FOLDER}\n`);

let world: ReadingsWorld;
beforeAll(async () => {
  if (REAL) world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());

const KWH = { time_zone: 'America/New_York' };
const QUARTERS = { ...KWH, interval_minutes: 15 };
const P66 = 'RetailCustomer/9B6C7066/UsagePoint/5446AF3F';
const COASTAL = { time_zone: 'America/Los_Angeles' };
const BILL = 'User/1234567890/UsagePoint/NET_USAGE';

type Expected = [meters: Record<string, Partial<MeterRow>>, outcome: object, contentType?: string];

/** Every file of the folder: the meters of its usage points, and what its receipt says. */
const FILES: Record<string, Expected> = {
  // A bill a month: no interval of a meter.
  'cmdtest_Gas.xml': [
    { 'RetailCustomer/9B6C7070/UsagePoint/5446AF3F': { unit: 'therm' } },
    { accepted: 0, reasons: { WRONG_INTERVAL_COUNT: 13 } },
  ],
  'cmdtest_Water.xml': [
    { 'RetailCustomer/9B6C7071/UsagePoint/5446AF3F': { unit: 'USGal' } },
    { accepted: 0, reasons: { WRONG_INTERVAL_COUNT: 2 } },
  ],
  // Delivered and received, minute by minute; each has a meter of its own.
  'cmdtest_Meter_Data_12-09-2013_12-15-2013.xml': [
    {
      'RetailCustomer/9B6C7088/UsagePoint/5446AF3F': { ...COASTAL, interval_minutes: 1 },
      'RetailCustomer/9B6C7088/UsagePoint/5446AF3F/MeterReading/02': { ...COASTAL, interval_minutes: 1 },
    },
    { accepted: 20_160, quarantined: 0 },
  ],
  // One entry without a reading type: the sender says the unit.
  'cmdtest_interval_block_1.xml': [
    { 'RetailCustomer/1/UsagePoint/1': QUARTERS },
    { accepted: 96, quarantined: 0 },
    'application/atom+xml; unit=Wh',
  ],
  // Two different reading types under one link: what they type is not guessed.
  'cmdtest_oneusagepointsonecustomerthreemeasurements.xml': [
    { 'RetailCustomer/1/UsagePoint/1': KWH },
    { accepted: 24, reasons: { MALFORMED_LINE: 25 } },
  ],
  'cmdtest_test_usage_data.xml': [{ [P66]: QUARTERS }, { accepted: 1_340, quarantined: 0 }],
  'cmdtest_threeusagepointsonecustomer.xml': [
    {
      'RetailCustomer/1/UsagePoint/1': KWH,
      'RetailCustomer/1/UsagePoint/1/MeterReading/2': { ...KWH, unit: 'Wh' },
      'RetailCustomer/1/UsagePoint/2': KWH,
      'RetailCustomer/1/UsagePoint/3': KWH,
    },
    { accepted: 240, quarantined: 0 },
  ],
  // The hour that the clock shows twice has one place on the meter’s clock.
  'gbobjects_Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml': [
    { 'RetailCustomer/5/UsagePoint/1': COASTAL },
    { accepted: 8_759, reasons: { DUPLICATE_LINE: 1 } },
  ],
  'gbobjects_Desert_Single_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_7.xml': [
    { 'RetailCustomer/7/UsagePoint/1': COASTAL },
    { accepted: 8_759, reasons: { DUPLICATE_LINE: 1 } },
  ],
  'gbobjects_TestGBDataHourlyNineDaysBinnedDaily.xml': [
    { 'RetailCustomer/2/UsagePoint/2': KWH },
    { accepted: 216, quarantined: 0 },
  ],
  'gbobjects_TestGBDataOneYearDailyBinnedMonthly.xml': [
    { 'RetailCustomer/1/UsagePoint/1': { ...KWH, interval_minutes: 1440 } },
    { accepted: 444, quarantined: 0 },
  ],
  'gbobjects_ngma_natural_gas_billing_billing_data_Service_1_1_2021-05-26_to_2024-04-25.xml': [
    { [BILL]: { unit: 'therm' } },
    { accepted: 0, reasons: { WRONG_INTERVAL_COUNT: 35 } },
  ],
  'openespi_ServiceCategory.xml': [{}, { lines: 0 }],
  'openespi_test_usage_data_01.xml': [{ [P66]: QUARTERS }, { accepted: 96, quarantined: 0 }],
  'openespi_test_usage_data_1.xml': [{ [P66]: QUARTERS }, { accepted: 480, quarantined: 0 }],
  'openespi_test_usage_data_11.xml': [{ [P66]: QUARTERS }, { accepted: 92, quarantined: 0 }],
  'openespi_test_usage_data_2.xml': [{ [P66]: QUARTERS }, { accepted: 860, quarantined: 0 }],
  'seed_example-GreenButton-data-1002-1-dup.xml': [
    { 'User/6150855/UsagePoint/409483': QUARTERS },
    { accepted: 1_000, reasons: { DUPLICATE_LINE: 2 } },
  ],
  'seed_example-GreenButton-data-gas-therms--3.xml': [
    { 'User/6150855/UsagePoint/409483': { ...QUARTERS, unit: 'therm' } },
    { accepted: 2, quarantined: 0 },
  ],
};

(REAL ? describe : describe.skip)('real Green Button files', () => {
  beforeEach(() => world.clear());

  test('every file of the folder is tried', async () => {
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.xml'));
    expect(Object.keys(FILES).toSorted()).toEqual(files.toSorted());
  });

  test.each(Object.entries(FILES))('%s', async (name, [meters, outcome, type = 'application/atom+xml']) => {
    for (const [value, meter] of Object.entries(meters))
      await world.has({
        id: value.replaceAll('/', '.'),
        external_scheme: 'espi',
        external_value: value,
        ...meter,
      });

    const received = await world.upload(readFileSync(join(FOLDER, name)), { contentType: type });

    const { lines, accepted, quarantined, unchanged, corrected, readings } = received;
    expect(received.interrupted).toBeUndefined();
    expect(received).toMatchObject(outcome);
    expect(accepted + quarantined + unchanged + corrected).toBe(lines);
    expect(readings).toBe(lines - quarantined);
  });
});

import type { PoolClient } from 'pg';
import type { Answer } from '../answer.js';
import { insert, without } from '../insert.js';
import { type PolicyWorld, READING_DAY } from '../model.js';
import { estimateOf, rowOfFitting, SHOWN } from '../oracle/metered.js';
import { rowOfDay } from '../rules.js';
import { dayText, hundredths, rowsText } from '../words.js';
import type { Part } from './part.js';

/** What hangs on meters and on enterprises that should have some. */
export const metered: Part = {
  tables: [
    'register_day',
    'register_day_superseded',
    'estimate_day',
    'device',
    'calibration',
    'metered_place',
    'metered_place_superseded',
    'meter_superseded',
  ].map((table) => `metering.${table}`),
  plant,
  fields: `
  metered: meters(first: 500) {
    nodes {
      id days(first: 2, from: $day, to: $day) { nodes { registers { values } } }
      estimates(first: 2, from: $day, to: $day) { nodes { intervalMinutes values total note case { id } } }
      devices(first: 5) { nodes { id calibrations(first: 5) { nodes { id } } } } calibration(on: $day) { id }
      earlierRegistrations(first: 50) { nodes { area values { field } } }
    }
    pageInfo { hasNextPage }
  }
  calibrationsEnding(first: 500, withinDays: 3650) { nodes { meter { id } device { id } } pageInfo { hasNextPage } }
  fitted: enterprises(first: 500) {
    nodes { uscc meteredPlaces(first: 50) { nodes { id meter { id } } } } pageInfo { hasNextPage }
  }`,
  tell(answer) {
    const { told } = answer;
    answer.list<{ meter: Id | null; device: Id | null }>(
      'calibrationsEnding',
      ({ meter, device }) => (device ? meter?.id : 'no device'),
      'meters with a certificate',
    );
    for (const meter of answer.nodes<Metered>('metered')) tellMeter(answer, meter);
    for (const { uscc, meteredPlaces } of answer.nodes<Fitted>('fitted')) {
      const places = meteredPlaces?.nodes.map(({ id, meter }) => `${id} ${meter?.id ?? 'without'}`);
      told[`places of enterprise ${uscc}`] = answer.beside(
        'Enterprise.meteredPlaces',
        places && rowsText(places),
      );
    }
  },
};

interface Id {
  id: string;
}

interface Nodes<Node> {
  nodes: Node[];
}

interface Estimated {
  intervalMinutes: number;
  values: (string | null)[];
  total: string;
  note: string | null;
  case: Id | null;
}

interface Metered extends Id {
  days: Nodes<{ registers: { values: (string | null)[] } | null }> | null;
  estimates: Nodes<Estimated> | null;
  devices: Nodes<Id & { calibrations: Nodes<Id> }>;
  calibration: Id | null;
  earlierRegistrations: Nodes<{ area: string; values: { field: string }[] }>;
}

interface Fitted {
  uscc: string;
  meteredPlaces: Nodes<Id & { meter: Id | null }> | null;
}

function tellMeter(answer: Answer, { id, days, estimates, devices, calibration, ...rest }: Metered): void {
  const { told, named } = answer;
  const its = devices.nodes.map((device) => `${device.id} ${device.calibrations.nodes.length > 0 ? 'verified' : ''}`.trim()); // prettier-ignore
  told[`devices of meter ${id}`] = rowsText(its);
  told[`certificate of meter ${id}`] = calibration ? 'there' : 'nothing';
  // Whoever registers it again without a change leaves a version as well, which says who did.
  const moves = rest.earlierRegistrations.nodes.filter(({ values }) =>
    values.some(({ field }) => ['area', 'ownerUscc', 'buildingId'].includes(field)),
  );
  told[`earlier owners of meter ${id}`] = rowsText(moves.map(({ area }) => area));
  const [day] = days?.nodes ?? [];
  told[`counter of meter ${id}`] = answer.beside(
    'Meter.days',
    day && (day.registers?.values.join(' ') ?? 'not shown'),
  );
  const texts = estimates?.nodes.map((one) => {
    const held = answer.beside('DayEstimate.case', one.case ? named(one.case.id) : undefined);
    return `${dayText(id, one.intervalMinutes, one.values, one.total)} ${one.note ?? 'withheld'} in ${held}`;
  });
  told[`estimates of meter ${id}`] = answer.beside('Meter.estimates', texts && rowsText(texts));
}

async function plant(owner: PoolClient, world: PolicyWorld, names: Map<string, string>): Promise<void> {
  const days = new Map(
    world.meters.map((meter) => {
      const { area, subject } = rowOfDay(world, meter);
      return [meter.id, { date: READING_DAY, meter: meter.id, area, subject }];
    }),
  );
  await insert(
    owner,
    'metering.register_day',
    'date date, meter text, area text, subject text, interval_minutes smallint, scale smallint, values bigint[], present smallint, batch text',
    world.readings
      .filter(({ isCounted }) => isCounted)
      .map(({ meter }) => ({ ...days.get(meter), interval_minutes: 1440, scale: 0, values: [SHOWN], present: 1, batch: 'none' })), // prettier-ignore
  );
  await insert(
    owner,
    'metering.device',
    'id text, meter text, serial_number text, multiplier numeric, installed_at timestamptz',
    world.devices.map((device) => ({ ...device, serial_number: '1', multiplier: 1, installed_at: '2024-01-01T00:00Z' })), // prettier-ignore
  );
  const certificate = {
    kind: 'VERIFICATION',
    certificate_number: '1',
    organ: 'Institute',
    result: 'QUALIFIED',
  };
  await insert(
    owner,
    'metering.calibration',
    'id text, device text, meter text, kind text, certificate_number text, organ text, result text, calibrated_on date, valid_until date, is_computed boolean',
    world.devices
      .filter(({ isVerified }) => isVerified)
      .map(({ id, meter }) => ({ ...certificate, id: `cal_${meter}`, device: id, meter, calibrated_on: '2024-06-01', valid_until: '2027-05-31', is_computed: false })), // prettier-ignore
  );
  await insert(
    owner,
    'metering.metered_place',
    'id text, subject text, area text, name text, energy_kind text, energy_class text, level smallint, meter text, platform text',
    world.places.map((place) => {
      const { area, subject } = rowOfFitting(world, place);
      const energy_kind = place.energyKind === '01' ? 'ELECTRICITY' : 'NATURAL_GAS';
      return { ...place, area, subject, name: place.id, energy_kind, energy_class: place.energyKind, platform: 'loader' }; // prettier-ignore
    }),
  );
  await plantEstimates(owner, world, names, days);
}

/** In the case of the meter's completeness; nobody is asked whether it is worked on. */
async function plantEstimates(
  owner: PoolClient,
  world: PolicyWorld,
  names: ReadonlyMap<string, string>,
  days: ReadonlyMap<string, object>,
): Promise<void> {
  const cases = new Map([...names].filter(([id]) => id.startsWith('cas_')).map(([id, name]) => [name, id]));
  const said = {
    ...{ version: 1, change: 'ESTIMATED', scale: 2, replaced_total: 0, replaced_count: 0, method: 'LINEAR' },
    ...{ is_bounded: false, parameters: {}, made_from: [], note: 'why', estimated_by: 'loader', recorded_at: new Date() }, // prettier-ignore
  };
  const rows = world.meters.flatMap((meter) => {
    const values = estimateOf(world, meter)?.map((value) => value && Number(hundredths(value)));
    if (!values) return [];
    const made = values.filter((value) => value !== null);
    return {
      ...{ ...said, ...days.get(meter.id), interval_minutes: meter.interval, values },
      ...{ replaced: values.map(() => null), estimated: made.length, total: made.length * Number(made[0]) },
      case_id: cases.get(`${meter.id} COMPLETENESS`),
    };
  });
  await without(owner, 'taken', 'metering.estimate_day', () =>
    insert(
      owner,
      'metering.estimate_day',
      'date date, meter text, version integer, change text, area text, subject text, interval_minutes smallint, scale smallint, ' +
        'values bigint[], replaced bigint[], total bigint, estimated smallint, replaced_total bigint, replaced_count smallint, ' +
        'method text, is_bounded boolean, parameters jsonb, made_from jsonb, case_id text, note text, estimated_by text, recorded_at timestamptz',
      rows,
    ),
  );
}

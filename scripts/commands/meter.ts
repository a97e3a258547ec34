import { Command } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';
import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import type { Outcome } from '../client/output.js';
import { instant, shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';
import { addCalibrate, CALIBRATION, type CalibrationRow, lastDay } from './meter-calibrate.js';
import { fitOut, type FitOutOptions } from './meter-fit-out.js';
import { addRemove } from './meter-remove.js';

interface DeviceRow {
  id: string;
  serialNumber: string;
  instrument: string | null;
  multiplier: string;
  installedAt: string;
  firstRegister: string | null;
  removedAt: string | null;
  lastRegister: string | null;
}

interface MeterRow {
  id: string;
  name: string;
  level: number;
  energyItem: string;
  unit: string;
  kind: string;
  multiplier: string;
  isCalibrated: boolean;
  parent: { id: string } | null;
}

type MeterWithDevices = MeterRow & { calibration: CalibrationRow | null; devices: { nodes: DeviceRow[] } };

interface DeviceOptions extends CallerOptions {
  at: string;
  serial: string;
  manufacturer?: string;
  model?: string;
  accuracyClass?: string;
  instrument?: string;
  digits?: string;
  multiplier?: string;
  register?: string;
  last?: string;
}

const METER = 'id name level energyItem unit kind multiplier isCalibrated parent { id }';
const DEVICE = 'id serialNumber instrument multiplier installedAt firstRegister removedAt lastRegister';

/** `hub meter list|show|install|replace|remove|calibrate|fit-out` */
export function meterCommand(): Command {
  const meter = new Command('meter')
    .summary('list meters, change appliances, record certificates, ask the fit-out rate')
    .description(
      'Meters (计量器具): metering points, the appliances that stand there, and their verification.',
    )
    .addHelpText('after', EXAMPLES);
  addCallerOptions(meter.command('list'))
    .description('list meters in your reach')
    .option('--enterprise <uscc>', 'only those of this enterprise')
    .option('--area <code>', 'only those in this area')
    .option('--first <count>', 'how many, up to 500', '100')
    .action((options: ListOptions) => calling(options, list));
  addCallerOptions(meter.command('show'))
    .description('show one meter, the appliances that stood there and its certificate')
    .argument('<meter>', 'its identifier')
    .action((id: string, options: CallerOptions) => calling(options, (client) => show(client, id)));
  addDevice(meter.command('install'), 'record the appliance that begins to count', 'installDevice');
  addDevice(
    meter.command('replace'),
    'change the meter: one appliance ends, the next begins',
    'replaceDevice',
  );
  addRemove(meter);
  addCalibrate(meter);
  addCallerOptions(meter.command('fit-out'))
    .description('meters fitted against those needed, by GB 17167; status 1 when a rate is not met')
    .argument('<uscc>', 'the enterprise')
    .option('--edition <edition>', 'GB17167-2006 or GB17167-2025 (default: in force on the day)')
    .option('--on <day>', 'the day (default: today)')
    .action((uscc: string, options: FitOutOptions) =>
      calling(options, (client) => fitOut(client, uscc, options)),
    );
  return meter;
}

const EXAMPLES = `
  $ hub meter replace m1 --at 2026-03-02T10:30:00+08:00 --last 180 --serial 7001 --register 3 --as district-310101
  $ hub meter calibrate dev_… --certificate JD-1 --organ '市计量院' --on 2026-01-05 --as district-310101
  $ hub meter fit-out 91310101HUB000011G --edition GB17167-2006 --as district-310101`;

interface ListOptions extends CallerOptions {
  enterprise?: string;
  area?: string;
  first: string;
}

async function list(client: HubClient, { enterprise, area, first }: ListOptions): Promise<Outcome> {
  const query = `query ($uscc: ID, $area: String, $first: Int!) {
    meters(enterpriseUscc: $uscc, area: $area, first: $first) { nodes { ${METER} } } }`;
  const variables = { uscc: enterprise ?? null, area: area ?? null, first: Number(first) };
  const { meters } = await client.ask<{ meters: { nodes: MeterRow[] } | null }>(query, variables);
  const rows = meters?.nodes ?? [];
  const text = rows.map((row) => [
    row.id,
    String(row.level),
    row.energyItem,
    row.unit,
    row.kind,
    row.parent?.id ?? null,
    row.isCalibrated ? 'yes' : 'no',
    row.name,
  ]);
  const head = ['ID', 'LEVEL', 'ITEM', 'UNIT', 'KIND', 'PARENT', 'CALIBRATED', 'NAME'];
  return { json: { meters: rows }, text: table(head, text) };
}

async function show(client: HubClient, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { meter(id: $id) { ${METER} calibration { ${CALIBRATION} }
    devices(first: 100) { nodes { ${DEVICE} } } } }`;
  const { meter } = await client.ask<{ meter: MeterWithDevices | null }>(query, { id });
  if (!meter)
    throw new Failure({
      code: 'NOT_FOUND',
      message: `No meter ${id} is in your reach.`,
      remedy: 'hub meter list',
    });
  const { calibration, devices } = meter;
  const facts = fields([
    ['Meter', `${meter.id} ${meter.name}`],
    ['Level', String(meter.level)],
    ['Energy', `${meter.energyItem} in ${meter.unit}`],
    ['Kind', `${meter.kind}, multiplier ${meter.multiplier}`],
    ['Parent', meter.parent?.id ?? null],
    ['Calibrated', meter.isCalibrated ? 'yes' : 'no'],
    [
      'Certificate',
      calibration && `${calibration.certificateNumber}, ${calibration.result}, ${lastDay(calibration)}`,
    ],
  ]);
  return { json: { meter }, text: [...facts, '', ...deviceTable(devices.nodes)] };
}

function deviceTable(devices: readonly DeviceRow[]): string[] {
  const rows = devices.map((row) => [
    row.id,
    row.serialNumber,
    shown(row.installedAt),
    row.firstRegister,
    shown(row.removedAt) ?? 'in use',
    row.lastRegister,
    row.multiplier,
    row.instrument,
  ]);
  return table(['DEVICE', 'SERIAL', 'FROM', 'AT', 'UNTIL', 'AT', 'MULTIPLIER', 'INSTRUMENT'], rows);
}

function addDevice(command: Command, description: string, act: 'installDevice' | 'replaceDevice'): void {
  addCallerOptions(command)
    .description(description)
    .argument('<meter>', 'the meter')
    .requiredOption('--at <instant>', 'when', instant)
    .requiredOption('--serial <number>', 'number that its maker gave it')
    .option('--register <reading>', 'what its counter shows then')
    .option('--manufacturer <name>', 'its maker')
    .option('--model <model>', 'its model')
    .option('--accuracy-class <class>', 'its accuracy class')
    .option('--instrument <kind>', 'its kind, of verificationIntervals')
    .option('--digits <count>', 'digits of its counter before the point')
    .option('--multiplier <factor>', 'what differences are multiplied by');
  if (act === 'replaceDevice') command.option('--last <reading>', 'what the old counter showed last');
  command.action((meterId: string, options: DeviceOptions) =>
    calling(options, async (client) => {
      const { at, last, digits } = options;
      const device = {
        serialNumber: options.serial,
        manufacturer: options.manufacturer ?? null,
        model: options.model ?? null,
        accuracyClass: options.accuracyClass ?? null,
        instrument: options.instrument ?? null,
        registerDigits: digits === undefined ? null : Number(digits),
        multiplier: options.multiplier ?? null,
        firstRegister: options.register ?? null,
      };
      const [argument, input] =
        act === 'installDevice'
          ? ['installation: InstallationInput!', { meterId, installedAt: at, device }]
          : [
              'replacement: ReplacementInput!',
              { meterId, replacedAt: at, lastRegister: last ?? null, device },
            ];
      const [name = ''] = argument.split(':');
      const mutation = `mutation ($${argument}) { done: ${act}(${name}: $${name}) { ${DEVICE} } }`;
      const { done } = await client.ask<{ done: DeviceRow }>(mutation, { [name]: input });
      return { json: { device: done }, text: deviceTable([done]) };
    }),
  );
}

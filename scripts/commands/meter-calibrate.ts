import { type Command, Option } from 'commander';
import { addCallerOptions, calling, type CallerOptions } from '../client/caller.js';

export interface CalibrationRow {
  id: string;
  certificateNumber: string;
  organ: string;
  calibratedOn: string;
  validUntil: string;
  isComputed: boolean;
  computedBy: string | null;
  result: string;
}

export const CALIBRATION = 'id certificateNumber organ calibratedOn validUntil isComputed computedBy result';

export function lastDay({ validUntil, isComputed, computedBy }: CalibrationRow): string {
  return `until ${validUntil}${isComputed ? ` (computed by the interval ${computedBy})` : ''}`;
}

interface CalibrateOptions extends CallerOptions {
  certificate: string;
  organ: string;
  on: string;
  until?: string;
  kind: string;
  result: string;
  corrects?: string;
}

export function addCalibrate(meter: Command): void {
  addCallerOptions(meter.command('calibrate'))
    .description('record a certificate of verification or calibration')
    .argument('<device>', 'the appliance, dev_… (hub meter show)')
    .requiredOption('--certificate <number>', 'its number')
    .requiredOption('--organ <name>', 'who issued it')
    .requiredOption('--on <day>', 'day of the verification')
    .option('--until <day>', 'last day on which it holds (default: by the kind of instrument)')
    .addOption(new Option('--kind <kind>').choices(['VERIFICATION', 'CALIBRATION']).default('VERIFICATION'))
    .addOption(new Option('--result <result>').choices(['QUALIFIED', 'UNQUALIFIED']).default('QUALIFIED'))
    .option('--corrects <record>', 'the record that this one corrects, cal_…')
    .action((deviceId: string, options: CalibrateOptions) =>
      calling(options, async (client) => {
        const {
          certificate: certificateNumber,
          organ,
          on: calibratedOn,
          until,
          kind,
          result,
          corrects,
        } = options;
        const row = {
          deviceId,
          certificateNumber,
          organ,
          calibratedOn,
          validUntil: until ?? null,
          kind,
          result,
        };
        const mutation = `mutation ($rows: [CalibrationInput!]!) { done: recordCalibrations(calibrations: $rows) { ${CALIBRATION} } }`;
        const rows = [{ ...row, corrects: corrects ?? null }];
        const [calibration] = (await client.ask<{ done: CalibrationRow[] }>(mutation, { rows })).done;
        return { json: { calibration }, text: [`Recorded ${calibration!.id}, ${lastDay(calibration!)}`] };
      }),
    );
}

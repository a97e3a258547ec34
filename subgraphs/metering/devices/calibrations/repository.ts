import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import { newId } from '../../../runtime/ids.js';
import type { Page, PageArguments } from '../../../runtime/lists.js';
import { inOrder, page, pages, PagesLoader } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { setForArea } from '../../../runtime/set-for-area.js';
import { add } from '../../../runtime/upsert.js';
import type { Device } from '../entities.js';
import { DeviceRepository } from '../repository.js';
import { Calibration, CalibrationInForce, VerificationInterval } from './entities.js';
import type {
  CalibrationInput,
  CalibrationsEndingArguments,
  OnArguments,
  VerificationIntervalInput,
  VerificationIntervalsArguments,
} from './inputs.js';
import { VERIFICATION_INTERVALS } from './settings.js';

const LATEST_FIRST = { by: ['calibratedOn' as const, 'id' as const], descending: true };
const MOST_DAYS = 3_650;

/** The last record of the appliance that stood at each meter on a day. */
const LAST = `
  select found.* from unnest($1::text[]) as asked (meter)
  cross join lateral metering.calibration_of(asked.meter, $2::date) as found`;

const IS_CALIBRATED = `
  select meter from unnest($1::text[]) as asked (meter) where metering.is_calibrated(meter, $2::date)`;

/** The interval of each device in turn, by its kind and where it stands. */
const INTERVALS = `
  select place::integer, known.id, known.months from unnest($1::text[], $2::text[]) with ordinality as asked (code, area, place)
  cross join lateral metering.verification_interval_of(asked.code, asked.area) as known`;
const MOST_MONTHS = 600;

export class CalibrationRepository {
  readonly #session: Session;
  readonly #devices: DeviceRepository;

  readonly ofDevice = new PagesLoader<PageArguments, Page<Calibration>>((devices, request) =>
    pages(this.#session, Calibration, { property: 'device', keys: devices }, request, LATEST_FIRST),
  );
  /** Of the appliance that stands at a meter on a day: its last record, whether or not it still holds. */
  readonly ofMeter = new PagesLoader<OnArguments, Calibration | null>(async (meters, { on }) => {
    const rows = await this.#session.entities(Calibration, LAST, [meters, on ?? null]);
    return inOrder(meters, rows, (calibration) => calibration.meter);
  });
  readonly isInForce = new PagesLoader<OnArguments, boolean>(async (meters, { on }) => {
    const rows = await this.#session.rows<{ meter: string }>(IS_CALIBRATED, [meters, on ?? null]);
    const valid = new Set(rows.map(({ meter }) => meter));
    return meters.map((meter) => valid.has(meter));
  });

  constructor(session: Session) {
    this.#session = session;
    this.#devices = new DeviceRepository(session);
  }

  /** Of appliances in use, those whose last certificate ends within some days or has ended, the first to end first. */
  ending({ withinDays, area, ...request }: CalibrationsEndingArguments): Promise<Page<Calibration>> {
    if (withinDays < 0 || withinDays > MOST_DAYS)
      throw new Refusal('BAD_USER_INPUT', { message: `withinDays: 0 to ${MOST_DAYS}, was ${withinDays}.` });
    const last = new Date(Date.now() + withinDays * 86_400_000).toISOString().slice(0, 10);
    return page(this.#session, CalibrationInForce, request, { by: ['validUntil', 'id'] }, [
      { property: 'validUntil', is: '<=', value: last },
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    ]);
  }

  intervals({ area, ...request }: VerificationIntervalsArguments): Promise<Page<VerificationInterval>> {
    return page(this.#session, VerificationInterval, request, { by: ['code', 'id'] }, [
      { property: 'area', is: '=', value: area },
    ]);
  }

  /** Sets an interval for an area; what was set before stays. @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT */
  async setInterval(said: VerificationIntervalInput): Promise<VerificationInterval> {
    const { months } = said;
    if (months < 1 || months > MOST_MONTHS)
      throw new Refusal('BAD_USER_INPUT', { message: `months: 1 to ${MOST_MONTHS}, was ${months}.` });
    return setForArea(this.#session, VerificationInterval, VERIFICATION_INTERVALS, { ...said });
  }

  /** Adds records, all or none; none is ever changed. */
  async record(inputs: CalibrationInput[]): Promise<Calibration[]> {
    const devices = await Promise.all(inputs.map(({ deviceId }) => this.#device(deviceId)));
    const known = await this.#session.rows<{ place: number; id: string; months: number }>(INTERVALS, [
      devices.map(({ instrument }) => instrument),
      devices.map(({ area }) => area),
    ]);
    const intervalOf = new Map(known.map((interval) => [interval.place - 1, interval]));
    const rows = inputs.map((input, place) => {
      const { id, meter } = devices[place]!;
      const interval = input.validUntil ? undefined : intervalOf.get(place);
      return {
        id: newId('cal'),
        device: id,
        meter,
        kind: input.kind,
        certificateNumber: input.certificateNumber,
        organ: input.organ,
        calibratedOn: input.calibratedOn,
        validUntil: input.validUntil ?? lastDay(input, interval?.months),
        isComputed: !input.validUntil,
        computedBy: interval?.id ?? null,
        accuracyClass: input.accuracyClass ?? null,
        result: input.result,
        corrects: input.corrects ?? null,
      };
    });
    return add(this.#session, Calibration, rows);
  }

  async #device(id: string): Promise<Device> {
    const device = await this.#devices.byId.load(id);
    if (device) return device;
    throw new Refusal('BAD_USER_INPUT', {
      message: `${id} is not among the devices that you may see.`,
      remedy: 'Take the id of a device from meter { devices { nodes { id } } }.',
    });
  }
}

/** The day before the same day some months later; in a shorter month, before its last. */
function lastDay({ deviceId, calibratedOn }: CalibrationInput, months: number | undefined): string {
  if (months === undefined)
    throw new Refusal('BAD_USER_INPUT', {
      message: `validUntil: ${deviceId} is of no kind of instrument whose verification interval is known.`,
      remedy: 'Give validUntil as the certificate says it.',
    });
  const [year = 0, month = 0, day = 0] = calibratedOn.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  const end = new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth) - 1));
  return end.toISOString().slice(0, 10);
}

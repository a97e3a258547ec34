import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { inOrder, pages, PagesLoader } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import { add, checkList } from '../../runtime/upsert.js';
import type { Meter } from '../entities.js';
import { Zone } from '../readings/calendar.js';
import { checkLastRegister } from '../readings/registers/last-register.js';
import { recount } from '../readings/registers/recount.js';
import type { CounterOfMeter, Owner } from '../readings/registers/statements.js';
import { MeterRepository } from '../repository.js';
import { Device } from './entities.js';
import type { DeviceInput, InstallationInput, RemovalInput, ReplacementInput } from './inputs.js';

const LATEST_FIRST = { by: ['installedAt' as const, 'id' as const], descending: true };

const END = `
  update metering.device set removed_at = $2, last_register = $3
  where meter = $1 and removed_at is null and installed_at < $2 returning *`;

export class DeviceRepository {
  readonly #session: Session;
  readonly #meters: MeterRepository;

  readonly byId = new DataLoader<string, Device | null>(async (ids) => {
    const rows = await this.#session.em.find(Device, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (device) => device.id);
  });
  readonly ofMeter = new PagesLoader<PageArguments, Page<Device>>((meters, request) =>
    pages(this.#session, Device, { property: 'meter', keys: meters }, request, LATEST_FIRST),
  );

  constructor(session: Session) {
    this.#session = session;
    this.#meters = new MeterRepository(session);
  }

  /** Records an appliance. @throws Refusal CONFLICT where another stands at that time. */
  async install({ meterId, installedAt, device }: InstallationInput): Promise<Device> {
    const meter = await this.#meter(meterId);
    return this.#counting(meter, installedAt, () => this.#begin(meter, installedAt, device));
  }

  /** All or none. @throws Refusal CONFLICT, BAD_USER_INPUT */
  async installAll(installations: InstallationInput[]): Promise<Device[]> {
    checkList(installations);
    const devices: Device[] = [];
    for (const installation of installations) devices.push(await this.install(installation));
    return devices;
  }

  /** Ends the appliance in use and begins the next at the same instant. */
  async replace({ meterId, replacedAt, lastRegister, device }: ReplacementInput): Promise<Device> {
    const meter = await this.#meter(meterId);
    return this.#counting(meter, replacedAt, async () => {
      await this.#end(meter, replacedAt, lastRegister);
      return this.#begin(meter, replacedAt, device);
    });
  }

  /** Ends the appliance in use. What it counted after its last reading is added with the first of the next one. */
  async remove({ meterId, removedAt, lastRegister }: RemovalInput): Promise<Device> {
    const meter = await this.#meter(meterId);
    return this.#counting(meter, removedAt, () => this.#end(meter, removedAt, lastRegister));
  }

  /** What was used is counted anew from the change on, where the meter is read as a register. */
  #counting(meter: Meter, from: string, change: () => Promise<Device>): Promise<Device> {
    if (meter.kind !== 'REGISTER') return change();
    return recount(this.#ask, counterOf(meter), from, change, (device) => device.id);
  }

  readonly #ask = <Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]> =>
    this.#session.rows<Row>(sql, parameters);

  async #end(meter: Meter, at: string, lastRegister: string | null | undefined): Promise<Device> {
    if (meter.kind === 'REGISTER') required('lastRegister', lastRegister, meter);
    const [ended] = await this.#session
      .entities(Device, END, [meter.id, at, lastRegister ?? null])
      .catch((error: unknown) => Promise.reject(asRefusal(error) as Error));
    if (!ended)
      throw new Refusal('WRONG_STATE', {
        message: `${meter.id}: no device is in use that was installed before ${at}.`,
        remedy: 'Record the first device with installDevice; a later change must be after an earlier one.',
      });
    if (meter.kind === 'REGISTER') await checkLastRegister(this.#ask, counterOf(meter), at, lastRegister!);
    return ended;
  }

  async #meter(id: string): Promise<Meter> {
    const meter = await this.#meters.byId.load(id);
    if (meter) return meter;
    throw new Refusal('BAD_USER_INPUT', {
      message: `${id} is not among the meters that you may see.`,
      remedy: 'Register the meter first (registerMeters).',
    });
  }

  async #begin(meter: Meter, installedAt: string, input: DeviceInput): Promise<Device> {
    if (meter.kind === 'REGISTER') required('device.firstRegister', input.firstRegister, meter);
    const [device] = await add(this.#session, Device, [
      {
        id: newId('dev'),
        meter: meter.id,
        serialNumber: input.serialNumber,
        manufacturer: input.manufacturer ?? null,
        model: input.model ?? null,
        accuracyClass: input.accuracyClass ?? null,
        instrument: input.instrument ?? null,
        registerDigits: input.registerDigits ?? meter.registerDigits,
        multiplier: input.multiplier ?? meter.multiplier,
        installedAt,
        firstRegister: input.firstRegister ?? null,
      },
    ]);
    return device!;
  }
}

function counterOf(meter: Meter): Owner & CounterOfMeter {
  const { id, area, subject, registerDigits: digits, multiplier, timeZone } = meter;
  return { id, area, subject, digits, multiplier, zone: new Zone(timeZone) };
}

function required(name: string, value: string | null | undefined, { id }: Meter): void {
  if (value !== null && value !== undefined) return;
  throw new Refusal('BAD_USER_INPUT', {
    message: `${name}: ${id} is read as a register, so what its counter shows at the change is needed.`,
    remedy: 'Give the reading at the moment of the change.',
  });
}

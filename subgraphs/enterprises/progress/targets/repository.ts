import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import { mustBeArea } from '../../../runtime/areas.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { add } from '../../../runtime/upsert.js';
import { wrongIn } from './choice.js';
import { AccessSetting, AccessTarget } from './entities.js';
import type { AccessSettingInput, AccessTargetInput, AccessTargetsArguments } from './inputs.js';

const BY_TARGET = { by: ['area' as const, 'unitClass' as const, 'until' as const, 'version' as const] };
const BY_SETTING = { by: ['area' as const, 'code' as const, 'version' as const] };

export class TargetRepository {
  readonly #session: Session;
  #known: Promise<{ targets: AccessTarget[]; settings: AccessSetting[] }> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  targets({ area, ...request }: AccessTargetsArguments): Promise<Page<AccessTarget>> {
    return page(this.#session, AccessTarget, request, BY_TARGET, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    ]);
  }

  settings({ area, ...request }: AccessTargetsArguments): Promise<Page<AccessSetting>> {
    return page(this.#session, AccessSetting, request, BY_SETTING, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    ]);
  }

  /** All that is configured, every version. */
  known(): Promise<{ targets: AccessTarget[]; settings: AccessSetting[] }> {
    return (this.#known ??= this.#read());
  }

  /** Adds a version; earlier ones stay. @throws Refusal BAD_USER_INPUT, ROW_OUT_OF_REACH */
  async setTarget(input: AccessTargetInput): Promise<AccessTarget> {
    const { area, unitClass, until, share = null, units = null, source } = input;
    mustBeArea(area);
    if ((share === null) === (units === null)) {
      throw new Refusal('BAD_USER_INPUT', {
        message: 'A target is a share or a number of units, one of the two.',
        remedy: 'Name share or units.',
      });
    }
    const [target] = await add(this.#session, AccessTarget, [
      { area, unitClass, until, share, units, source },
    ]);
    return target!;
  }

  /** The same for a figure. @throws Refusal BAD_USER_INPUT, ROW_OUT_OF_REACH */
  async set(input: AccessSettingInput): Promise<AccessSetting> {
    const { area, code, value, source } = input;
    mustBeArea(area);
    const wrong = wrongIn(code, value);
    if (wrong) throw new Refusal('BAD_USER_INPUT', { message: wrong });
    const [setting] = await add(this.#session, AccessSetting, [{ area, code, value, source }]);
    return setting!;
  }

  async #read(): Promise<{ targets: AccessTarget[]; settings: AccessSetting[] }> {
    const targets = await this.#session.entities(
      AccessTarget,
      'select * from enterprises.progress_target',
      [],
    );
    const settings = await this.#session.entities(
      AccessSetting,
      'select * from enterprises.progress_setting',
      [],
    );
    return { targets, settings };
  }
}

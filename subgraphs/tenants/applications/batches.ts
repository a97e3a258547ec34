import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Application } from './entities.js';
import type { ApplicationBatchInput, ApplicationInput } from './inputs.js';
import type { ApplicationRepository } from './repository.js';

const MOST_ENTERPRISES = 200;
/** What a message begins with that is about one enterprise; all else is about the common form. */
const OF_ONE = /^(units\[0\]|certificates|tenant)/;

/**
 * One application for each enterprise, all or none (annexes 5 and 6: the authority hands several in at once). From then
 * on each goes its own way; the batch is how to find them together.
 *
 * @throws Refusal as {@link ApplicationRepository.apply}, naming the place
 */
export async function applyForAll(
  applications: ApplicationRepository,
  input: ApplicationBatchInput,
): Promise<Application[]> {
  const batch = newId('apb');
  const made: Application[] = [];
  for (const [place, one] of applicationsOf(input).entries())
    made.push(await inPlace(place, one, () => applications.apply(one, batch)));
  return made;
}

function applicationsOf({ form, enterprises }: ApplicationBatchInput): ApplicationInput[] {
  if (enterprises.length < 1 || enterprises.length > MOST_ENTERPRISES)
    throw new Refusal('BAD_USER_INPUT', { message: `enterprises: 1 to ${MOST_ENTERPRISES}.` });
  if (form.numberOfUnits !== enterprises.length) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `form.numberOfUnits: says ${form.numberOfUnits}, the batch holds ${enterprises.length}.`,
    });
  }
  return enterprises.map(({ tenant, unit, certificates }) => {
    const scopes = form.scopes.map((scope) => ({ ...scope, area: tenant.area }));
    const its = { ...form, scopes, certificates, units: [unit], numberOfUnits: 1 };
    return { kind: 'ENTERPRISE', tenant, form: its };
  });
}

/** Does the work for one enterprise of a batch; what is refused names its place. */
async function inPlace<T>(place: number, { tenant }: ApplicationInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, rule, remedy, message } = error;
    const isOfForm = code === 'BAD_USER_INPUT' && !OF_ONE.test(message);
    const at = isOfForm ? 'form.' : `enterprises[${place}] (${tenant.id}): `;
    const said = at + message.replace(/^units\[0\]/, 'unit');
    throw new Refusal(code, { message: said, remedy, ...(rule !== undefined && { rule }) });
  }
}

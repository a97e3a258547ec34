import { Readable } from 'node:stream';
import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import type { Stage } from '../../../gateway/policy/grant.js';
import { bodyJson } from '../../runtime/answers.js';
import type { DoorAnswer } from '../../runtime/door.js';
import type { Session } from '../../runtime/session.js';
import { TenantRepository } from '../repository.js';
import { admit, type Admission, type Admitted, stand, type StandingOrder } from './admission.js';
import type { Application, ListedUnit } from './entities.js';
import { measure, thresholdsOf } from './measure.js';
import { type ConnectionReadiness, readinessOf } from './readiness.js';
import type { ApplicationRepository } from './repository.js';
import type { Act, Office } from './states.js';
import type { StepDetails } from './steps.js';
import { testedUnits } from './tested-units.js';
import type { UnitInTest } from './units.js';

/** Acts that are no more than a step: the others register, measure or suspend. */
const PLAIN: Readonly<Record<Office, readonly Act[]>> = {
  write: ['SUBMIT', 'WITHDRAW'],
  review_protocol: ['TAKE_UP', 'PASS_PROTOCOL', 'RETURN', 'BEGIN_TEST', 'REOPEN_TEST'],
  review_security: ['PASS_SECURITY', 'RETURN', 'REOPEN_TEST'],
  approve: ['RETURN', 'REOPEN_TEST', 'WAIVE'],
};

/** What the offices do with applications, and what follows from it in both stages. */
export class Connections {
  readonly #session: Session;
  readonly #applications: ApplicationRepository;

  /** Not kept: tests go on. */
  readonly unitsInTest = new DataLoader<ListedUnit, UnitInTest>(
    (units) => testedUnits(this.#session, this.#applications, units),
    { cache: false },
  );

  constructor(session: Session, applications: ApplicationRepository) {
    this.#session = session;
    this.#applications = applications;
  }

  /** @throws Refusal BAD_USER_INPUT for an act of another office; CONNECTION_NOT_READY; as {@link ApplicationRepository.step} */
  async act(id: string, office: Office, act: string, details: StepDetails): Promise<Application> {
    if (office === 'review_protocol' && act === 'CONFIRM_STABLE') return this.#confirmStable(id, details);
    const plain = PLAIN[office].find((one) => one === act);
    if (plain) return this.#applications.step(id, plain, office, details);
    const choices = [...PLAIN[office], ...(office === 'review_protocol' ? ['CONFIRM_STABLE'] : [])];
    throw new Refusal('BAD_USER_INPUT', { message: `${act} is none of ${choices.join(', ')}.` });
  }

  /** Measured now, from what the TEST database holds. @throws Refusal NOT_FOUND */
  async readiness(id: string): Promise<ConnectionReadiness> {
    const application = await this.#applications.known(id);
    const thresholds = thresholdsOf(await this.#applications.connectionRules());
    const now = new Date();
    const list = await this.#applications.listOfUnits(id, application.version);
    const measurable = { tenant: application.tenant, units: list.map(({ uscc }) => uscc) };
    const measured = await measure(this.#session, measurable, thresholds, now);
    const { form } = await this.#applications.presentVersion(application);
    const events = await this.#applications.allEvents(id);
    const readiness = readinessOf({ application, form, events, list, ...measured, thresholds, now });
    // What is missing names them in words, which nobody counts.
    for (const { uscc: subject, place: area } of readiness.units.named)
      this.#session.disclosed({ category: 'applications', subject, area, values: 1 });
    return readiness;
  }

  /** Registers the tenant in the TEST database with what it applied for, and certifies its key. */
  async approveForTest(id: string, details: StepDetails): Promise<Application> {
    const application = await this.#applications.step(id, 'APPROVE_TEST', 'approve', details);
    await this.#admit(application, 'TEST', 'approveForTest');
    return application;
  }

  /** @throws Refusal CONNECTION_NOT_READY naming what is missing */
  async approveForFormal(id: string, details: StepDetails): Promise<Application> {
    const application = await this.#applications.step(id, 'APPROVE_FORMAL', 'approve', details);
    // After the step: whoever may not take it is told that first; what is refused here is rolled back.
    const { requirements } = await this.readiness(id);
    mustBeMet(requirements.filter(({ isMet }) => !isMet));
    return application;
  }

  /** The same in the FORMAL database. */
  async connect(id: string, details: StepDetails): Promise<Application> {
    const application = await this.#applications.step(id, 'CONNECT', 'approve', details);
    await this.#admit(application, 'FORMAL', 'connectApplication');
    return application;
  }

  async suspend(id: string, details: StepDetails): Promise<Application> {
    const application = await this.#applications.step(id, 'SUSPEND', 'approve', details);
    await this.#stand(stageOf(application.suspendedFrom), {
      act: 'suspendApplication',
      tenant: application.tenant,
      status: 'SUSPENDED',
    });
    return application;
  }

  async resume(id: string, details: StepDetails): Promise<Application> {
    const application = await this.#applications.step(id, 'RESUME', 'approve', details);
    await this.#stand(stageOf(application.state), {
      act: 'resumeApplication',
      tenant: application.tenant,
      status: 'ACTIVE',
    });
    return application;
  }

  /** After an approval: what it registered is closed. */
  async withdrawApproved(id: string, details: StepDetails): Promise<Application> {
    const { suspendedFrom } = await this.#applications.known(id);
    const application = await this.#applications.step(id, 'WITHDRAW', 'approve', details);
    const order = { act: 'withdrawApproval', tenant: application.tenant, status: 'CLOSED' } as const;
    await this.#stand('TEST', order);
    if (stageOf(suspendedFrom) === 'FORMAL') await this.#stand('FORMAL', order);
    return application;
  }

  async #confirmStable(id: string, details: StepDetails): Promise<Application> {
    const application = await this.#applications.step(id, 'CONFIRM_STABLE', 'review_protocol', details);
    const { requirements } = await this.readiness(id);
    mustBeMet(requirements.filter(({ requirement, isMet }) => requirement === 'TEST_TRANSMISSION' && !isMet));
    return application;
  }

  async #admit(application: Application, stage: Stage, act: string): Promise<void> {
    const { id, tenant, name, tier, area, subject } = application;
    await this.#mustBeItsOwn(application);
    const { form } = await this.#applications.presentVersion(application);
    const wanted = form.certificates.find(({ accessType }) => accessType === stage);
    if (!wanted) {
      throw new Refusal('CONNECTION_NOT_READY', { message: `No certificate for ${stage} is applied for.` });
    }
    const admission: Admission = {
      act,
      tenant: { id: tenant, name, tier, area, uscc: subject },
      purposes: form.purposes,
      scopes: form.scopes,
      application: id,
      months: wanted.months,
      csr: wanted.csr,
    };
    const admitted =
      stage === 'FORMAL'
        ? await admit(this.#session, admission)
        : await bodyJson<Admitted>(await this.#inTest('POST /admissions', admission));
    await this.#applications.keepCertificate(id, stage, admitted);
  }

  /** Nobody gets a certificate in the name of a tenant that is there already, but by whom that was connected. */
  async #mustBeItsOwn(application: Application): Promise<void> {
    const { tenant, applicant } = application;
    const known = await new TenantRepository(this.#session).byId.load(tenant);
    if (!known || (await this.#applications.wasConnected(application))) return;
    throw new Refusal('CONFLICT', {
      rule: 'application/tenant',
      message: `${tenant} is registered already, and not by an application of ${applicant}.`,
      remedy: 'Return the application for another short name.',
    });
  }

  async #stand(stage: Stage, order: StandingOrder): Promise<void> {
    if (stage === 'FORMAL') await stand(this.#session, order);
    else await this.#inTest('POST /standings', order);
  }

  #inTest(door: `POST /${string}`, order: Admission | StandingOrder): Promise<DoorAnswer> {
    const body = Readable.from([JSON.stringify(order)]);
    return this.#session.neighbours.call('tenants', door, { body }, { stage: 'TEST' });
  }
}

/** In whose database the tenant of an application in this state works. */
function stageOf(state: string | null): Stage {
  return state === 'CONNECTED' ? 'FORMAL' : 'TEST';
}

function mustBeMet(lacking: { requirement: string; missing: string | null; remedy: string | null }[]): void {
  if (lacking.length === 0) return;
  throw new Refusal('CONNECTION_NOT_READY', {
    rule: 'application/readiness',
    message: lacking.map(({ requirement, missing }) => `${requirement}: ${missing}`).join(' '),
    remedy: lacking.map(({ remedy }) => remedy).join(' '),
  });
}

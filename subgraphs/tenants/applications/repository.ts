import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { newId } from '../../runtime/ids.js';
import type { Page, PageArguments } from '../../runtime/lists.js';
import { page, pages, PagesLoader } from '../../runtime/pages.js';
import { asRefusal, type Session } from '../../runtime/session.js';
import type { Stage } from '../../../gateway/policy/grant.js';
import type { Admitted } from './admission.js';
import { checkApplication, checkForm } from './check.js';
import { Application, ApplicationVersion, ListedUnit, type ApplicationChange } from './entities.js';
import type {
  ApplicationFormInput,
  ApplicationInput,
  ApplicationsArguments,
  CertificateApplicationInput,
} from './inputs.js';
import type { Kind } from './lists.js';
import { ConnectionRule } from './rules.js';
import type { Act, Office } from './states.js';
import { mustBePossible, type StepDetails } from './steps.js';
import { changesBetween, contentHash, mustDifferWhereItMay, versionId } from './versions.js';
import { ApplicationEvent, ApplicationCertificate } from './review/entities.js';

const BY_NUMBER = { by: ['number' as const, 'id' as const] };

export class ApplicationRepository {
  readonly #session: Session;

  /** Not kept: a step changes what a mutation read before it. */
  readonly byId = new DataLoader<string, Application | null>(
    async (ids) => {
      const rows = await this.#session.entities(
        Application,
        'select * from tenants.application where id = any($1)',
        [ids],
      );
      return ids.map((id) => rows.find((row) => row.id === id) ?? null);
    },
    { cache: false },
  );
  readonly versions = new PagesLoader<PageArguments, Page<ApplicationVersion>>((ids, request) =>
    pages(this.#session, ApplicationVersion, { property: 'application', keys: ids }, request, BY_NUMBER),
  );
  readonly events = new PagesLoader<PageArguments, Page<ApplicationEvent>>((ids, request) =>
    pages(this.#session, ApplicationEvent, { property: 'application', keys: ids }, request, BY_NUMBER),
  );
  readonly units = new PagesLoader<PageArguments, Page<ListedUnit>>((versions, request) =>
    pages(this.#session, ListedUnit, { property: 'version', keys: versions }, request, { by: ['id'] }),
  );

  readonly certificates = new DataLoader<string, ApplicationCertificate[]>(async (ids) => {
    const rows = await this.#session.entities(
      ApplicationCertificate,
      'select * from tenants.application_certificate where application = any($1) order by issued_at',
      [ids],
    );
    return ids.map((id) => rows.filter(({ application }) => application === id));
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list({ state, kind, tenant, batch, ...request }: ApplicationsArguments): Promise<Page<Application>> {
    return page(this.#session, Application, request, { by: ['id'], descending: true }, [
      { property: 'state', is: '=', value: state },
      { property: 'kind', is: '=', value: kind },
      { property: 'tenant', is: '=', value: tenant },
      { property: 'batch', is: '=', value: batch },
    ]);
  }

  /** @throws Refusal NOT_FOUND */
  async known(id: string): Promise<Application> {
    const application = await this.byId.load(id);
    if (!application) throw new Refusal('NOT_FOUND', { message: 'No such application in your reach.' });
    return application;
  }

  /** @throws Refusal NOT_FOUND */
  async version(application: string, number: number): Promise<ApplicationVersion> {
    const [version] = await this.#session.entities(
      ApplicationVersion,
      'select * from tenants.application_version where id = $1',
      [versionId(application, number)],
    );
    if (!version) throw new Refusal('NOT_FOUND', { message: `There is no version ${number} in your reach.` });
    return version;
  }

  presentVersion({ id, version }: Application): Promise<ApplicationVersion> {
    return this.version(id, version);
  }

  /** The whole list of units of a version, in its order. */
  listOfUnits(application: string, number: number): Promise<ListedUnit[]> {
    return this.#session.entities(
      ListedUnit,
      'select * from tenants.application_unit where version = $1 order by id',
      [versionId(application, number)],
    );
  }

  /** @throws Refusal NOT_FOUND */
  async changes(id: string, from: number, to: number): Promise<ApplicationChange[]> {
    const whole = async (number: number) => ({
      form: (await this.version(id, number)).form,
      units: await this.listOfUnits(id, number),
    });
    return changesBetween(await whole(from), await whole(to));
  }

  /** Whether the same applicant brought the same tenant in before. */
  async wasConnected({ id, tenant, applicant }: Application): Promise<boolean> {
    const rows = await this.#session.rows(
      `select from tenants.application
       where tenant = $1 and applicant = $2 and id <> $3 and state = 'CONNECTED' limit 1`,
      [tenant, applicant, id],
    );
    return rows.length > 0;
  }

  allEvents(application: string): Promise<ApplicationEvent[]> {
    return this.#session.entities(
      ApplicationEvent,
      'select * from tenants.application_event where application = $1 order by number',
      [application],
    );
  }

  connectionRules(): Promise<ConnectionRule[]> {
    return this.#session.entities(ConnectionRule, 'select * from tenants.connection_rule order by code', []);
  }

  ruleList(request: PageArguments): Promise<Page<ConnectionRule>> {
    return page(this.#session, ConnectionRule, request, { by: ['code'] });
  }

  /** @throws Refusal BAD_USER_INPUT, CSR_UNUSABLE, ROW_OUT_OF_REACH, CONFLICT while another one for that tenant is open */
  async apply(input: ApplicationInput, batch: string | null = null): Promise<Application> {
    checkApplication(input, new Date());
    const { kind, tenant, form } = input;
    await this.#checkRequests(tenant.id, form.certificates);
    const id = newId('app');
    const applicant = this.#session.grant.caller.tenant;
    await this.#write(
      `insert into tenants.application (id, kind, applicant, tenant, name, tier, area, subject, batch)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, kind, applicant, tenant.id, tenant.name, tenant.tier, tenant.area, tenant.uscc ?? null, batch],
    );
    await this.#addVersion(id, 1, form);
    return this.known(id);
  }

  /**
   * The next version of the form. Once approved, only the list of units, the papers and the application for the FORMAL
   * certificate may differ; once connected, only the list.
   *
   * @throws Refusal as {@link apply}, WRONG_STATE
   */
  async amend(id: string, form: ApplicationFormInput): Promise<Application> {
    const application = await this.known(id);
    const { tenant, area, subject, kind } = application;
    checkForm(kind as Kind, { id: tenant, area, uscc: subject }, form, new Date());
    mustDifferWhereItMay(application, (await this.presentVersion(application)).form, form);
    await this.#checkRequests(tenant, form.certificates);
    const amended = await this.step(id, 'AMEND', 'write');
    await this.#addVersion(id, amended.version, form);
    return amended;
  }

  /** @throws Refusal NOT_FOUND, WRONG_STATE, FOUR_EYES, BAD_USER_INPUT, ROW_OUT_OF_REACH */
  async step(id: string, act: Act, office: Office, details: StepDetails = {}): Promise<Application> {
    const application = await this.known(id);
    const { tenant: actor } = this.#session.grant.caller;
    mustBePossible(application, await this.allEvents(id), { ...details, act, office, actor });
    const { opinion, requirement, evidenceSha256 } = details;
    await this.#write(
      `insert into tenants.application_event (application, act, office, actor, opinion, requirement, evidence_sha256)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, act, office, actor, opinion?.trim() || null, requirement ?? null, evidenceSha256 ?? null],
    );
    return this.known(id);
  }

  async keepCertificate(application: string, stage: Stage, issued: Admitted): Promise<void> {
    await this.#write(
      `insert into tenants.application_certificate (fingerprint, application, stage, certificate, not_after)
       values ($1, $2, $3, $4, $5)`,
      [issued.fingerprint, application, stage, issued.pem, issued.notAfter],
    );
  }

  /** Each request must be of the tenant to be, and for a key that nobody else brought before. */
  async #checkRequests(tenant: string, certificates: CertificateApplicationInput[]): Promise<void> {
    for (const { accessType, csr } of certificates) {
      const { commonName, keySha256 } = await this.#session.readRequest(csr);
      if (commonName !== null && commonName !== tenant) {
        throw new Refusal('CSR_UNUSABLE', {
          message: `The request for ${accessType} names somebody else than ${tenant}.`,
          remedy: `Make it with the common name ${tenant}, or with none.`,
        });
      }
      const [claim] = await this.#session.rows<{ is: boolean }>('select tenants.claim_key($1, $2) as is', [
        keySha256,
        tenant,
      ]);
      if (!claim?.is) {
        throw new Refusal('CSR_UNUSABLE', {
          message: `The key of the request for ${accessType} came with another tenant’s application.`,
          remedy: 'Make a key of its own for each tenant.',
        });
      }
    }
  }

  async #addVersion(application: string, number: number, whole: ApplicationFormInput): Promise<void> {
    const { units, ...form } = whole;
    const id = versionId(application, number);
    await this.#write(
      `insert into tenants.application_version (id, application, number, form, sha256) values ($1, $2, $3, $4, $5)`,
      [id, application, number, JSON.stringify(form), contentHash(whole)],
    );
    const rows = units.map(({ energyKinds, ...unit }, place) => ({
      ...unit,
      id: `${id}#${String(place + 1).padStart(4, '0')}`,
      version: id,
      energy_kinds: energyKinds,
    }));
    await this.#write(
      `insert into tenants.application_unit
       select * from jsonb_populate_recordset(null::tenants.application_unit, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  async #write(sql: string, parameters: unknown[]): Promise<void> {
    try {
      await this.#session.rows(sql, parameters);
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

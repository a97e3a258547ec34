import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { insert, without } from '../insert.js';
import type { ApplicationRow, PolicyWorld } from '../model.js';
import { applicationText, handlerOf, historyOf } from '../oracle/applications.js';
import { rowsText } from '../words.js';
import type { Part } from './part.js';

/** Applications in whatever state, with the form of the annexes, its list of units, steps and certificates. */
export const applications: Part = {
  tables: [],
  plant,
  fields: `
  applications(first: 500) {
    nodes {
      id state form { certificates { handler } } versions(first: 5) { nodes { units(first: 50) { nodes { uscc } } } }
      events(first: 5) { nodes { act } } certificates { stage }
    }
    pageInfo { hasNextPage }
  }
  application(id: $application) { id }
  units: applicationUnits(application: $application, version: 1, first: 50) { nodes { uscc } }
  changes: applicationChanges(application: $application, from: 1, to: 1) { kind }
  readiness: connectionReadiness(application: $application) { units { named { uscc } } }`,
  tell(answer) {
    const { told } = answer;
    answer.list<ApplicationNode>('applications', ({ id, state, form, versions, events, certificates }) => {
      const units = versions.nodes.flatMap((version) => version.units.nodes.map(({ uscc }) => uscc));
      const history = { acts: events.nodes.map(({ act }) => act), isCertified: certificates.length > 0 };
      const handler = form.certificates.map((one) => one.handler).join();
      return applicationText({ id, state, units }, history, handler);
    });
    const its = answer.value<{ id: string }>('application');
    const units = answer.value<Nodes<{ uscc: string }>>('units');
    const changes = answer.value<{ kind: string }[]>('changes');
    const readiness = answer.value<{ units: { named: { uscc: string }[] } }>('readiness');
    const codes = (all: { uscc: string }[]): string => rowsText(all.map(({ uscc }) => uscc));
    for (const id of answer.question.applications) {
      told[`application ${id}`] = its?.id === id ? 'seen' : answer.refusalAt('application');
      told[`units of application ${id}`] = units ? codes(units.nodes) : answer.refusalAt('units');
      told[`changes of application ${id}`] = changes ? rowsText(changes.map(({ kind }) => kind)) : answer.refusalAt('changes'); // prettier-ignore
      told[`readiness of application ${id}`] = readiness ? codes(readiness.units.named) : answer.refusalAt('readiness'); // prettier-ignore
    }
  },
};

interface Nodes<Node> {
  nodes: Node[];
}

interface ApplicationNode {
  id: string;
  state: ApplicationRow['state'];
  form: { certificates: { handler: string }[] };
  versions: Nodes<{ units: Nodes<{ uscc: string }> }>;
  events: Nodes<{ act: string }>;
  certificates: { stage: string }[];
}

async function plant(owner: PoolClient, world: PolicyWorld): Promise<void> {
  const all = world.applications;
  const common = all.map(({ id, applicant, area, subject, state }) => ({
    ...{ id, applicant, area, subject, state, tenant: `new-${id.slice(-6)}`, name: id },
    ...(subject ? { kind: 'ENTERPRISE', tier: 'ENTERPRISE' } : { kind: 'PLATFORM', tier: 'DISTRICT' }),
  }));
  await insert(
    owner,
    'tenants.application',
    'id text, kind text, applicant text, tenant text, name text, tier text, area text, subject text, state text',
    common,
  );
  const nothing = { purposes: [], scopes: [], papers: [] };
  const versions = all.map((row) => ({
    ...{ id: `${row.id}#1`, application: row.id, number: 1, sha256: hashOf(row.id) },
    form: { ...nothing, certificates: [{ accessType: 'TEST', handler: handlerOf(row) }] },
  }));
  const ofVersion = 'id text, application text, number integer, form jsonb, sha256 text';
  await insert(owner, 'tenants.application_version', ofVersion, versions);
  await insert(
    owner,
    'tenants.application_unit',
    'id text, version text, uscc text, name text, industry text, place text, nature text, energy_kinds text[], energy jsonb',
    all.flatMap(({ id, units }) =>
      units.map((uscc, index) => {
        const { area, name } = world.enterprises.find((one) => one.uscc === uscc)!;
        const said = { name, place: area, industry: '4411', nature: 'company', energy_kinds: [], energy: [] };
        return { ...said, id: `${id}#1#000${index + 1}`, version: `${id}#1`, uscc };
      }),
    ),
  );
  const events = all.flatMap((row) =>
    historyOf(row).acts.map((act) => ({
      ...{ id: `${row.id}#0001`, application: row.id, number: 1, act, office: 'write', actor: row.applicant },
      ...{ area: row.area, subject: row.subject, from_state: 'DRAFT', to_state: 'SUBMITTED', version: 1 },
    })),
  );
  // The steps to its state are not taken one by one.
  await without(owner, 'step', 'tenants.application_event', () =>
    insert(
      owner,
      'tenants.application_event',
      'id text, application text, number integer, act text, office text, actor text, area text, subject text, ' +
        'from_state text, to_state text, version integer',
      events,
    ),
  );
  const certified = all.filter((row) => historyOf(row).isCertified);
  await insert(
    owner,
    'tenants.application_certificate',
    'fingerprint text, application text, stage text, certificate text, not_after timestamptz',
    certified.map(({ id }) => ({ fingerprint: hashOf(id), application: id, stage: 'FORMAL', certificate: 'none', not_after: new Date() })), // prettier-ignore
  );
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

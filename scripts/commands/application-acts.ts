import { writeFile } from 'node:fs/promises';
import type { ApplicationFormInput, ListedUnitInput } from '../../subgraphs/tenants/applications/inputs.js';
import { Failure } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { sha256OfFile } from '../client/payload.js';
import { type Desk, everyNode } from '../console/desk.js';
import { table } from '../console/table.js';
import {
  type ApplicationRow,
  describeApplication,
  describeReadiness,
  type EventRow,
  type ReadinessRow,
  type TestedUnitRow,
} from './application-text.js';

export interface Opinion {
  opinion?: string;
  evidence?: string;
}

export const FIELDS = 'id kind applicant tenant name area state version batch madeAt';

/** A mutation on an application, which answers with where it stands. `more` declares what goes beside the id. */
export async function asked(
  desk: Desk,
  mutation: string,
  variables: Record<string, unknown>,
  more = '',
): Promise<Outcome> {
  const declared = ['id' in variables ? 'id: ID!' : '', ...more.split(', ')].filter(Boolean);
  const parameters = declared.map((one) => `$${one}`).join(', ');
  const passed = declared.map((one) => one.split(':')[0]).map((name) => `${name}: $${name}`);
  const text = `mutation (${parameters}) { done: ${mutation}(${passed.join(', ')}) { ${FIELDS} } }`;
  const { done } = await desk.change<{ done: ApplicationRow }>(text, variables, () => []);
  return { json: { application: done }, text: [`${done.id}: ${done.state}, version ${done.version}`] };
}

/** A step of an office. */
export async function step(
  desk: Desk,
  mutation: string,
  id: string,
  details: { act?: string; requirement?: string },
  { opinion, evidence }: Opinion,
): Promise<Outcome> {
  const given = {
    ...details,
    ...(opinion !== undefined && { opinion }),
    ...(evidence !== undefined && { evidenceSha256: await sha256OfFile(evidence) }),
  };
  const takes = mutation === 'submitApplication' ? {} : given;
  const more = Object.keys(takes).map((name) => `${name}: String`);
  const declared = more.map((one) => (/^(act|requirement):/.test(one) ? `${one}!` : one)).join(', ');
  return asked(desk, mutation, { id, ...takes }, declared);
}

const READINESS = `query ($id: ID!) { application(id: $id) { version }
  readiness: connectionReadiness(application: $id) { isReady stableDays stableFrom stableTo earliest
  units { listed withoutMeter silent }
  requirements { requirement term isMet waivedBy waivedFor missing remedy }
  days { date due present onTime lines quarantined unitsListed unitsOnTime completeness errorRate isStable isOpen } } }`;
const TESTED = `query ($id: ID!, $number: Int!, $first: Int!, $after: String) {
  units: applicationUnits(application: $id, version: $number, first: $first, after: $after) {
    nodes { uscc name inTest { isRegistered meters daysOnTime lastOnTime } } pageInfo { hasNextPage endCursor } } }`;

export async function readinessOf(desk: Desk, id: string): Promise<Outcome> {
  const { application, readiness } = await desk.read<{
    application: { version: number } | null;
    readiness: ReadinessRow;
  }>(READINESS, { id });
  const number = application?.version ?? 0;
  const units = await everyNode<TestedUnitRow>(desk, 'units', TESTED, { id, number });
  return {
    json: { readiness, units },
    text: describeReadiness(id, readiness, units),
    isFailure: !readiness.isReady,
  };
}

export async function shownApplication(desk: Desk, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { application(id: $id) { ${FIELDS} events(first: 500) {
    nodes { act office actor fromState toState version opinion requirement at } } } }`;
  const { application } = await desk.read<{
    application: (ApplicationRow & { events: { nodes: EventRow[] } }) | null;
  }>(query, { id });
  if (!application) throw notFound(id);
  const { events, ...rest } = application;
  return {
    json: { application: { ...rest, events: events.nodes } },
    text: describeApplication(rest, events.nodes),
  };
}

interface Change {
  field: string | null;
  unit: { uscc: string; name: string } | null;
  kind: string;
  fields: string[];
}

export async function changesOf(desk: Desk, id: string, from: number, to: number): Promise<Outcome> {
  const query = `query ($id: ID!, $from: Int!, $to: Int!) {
    changes: applicationChanges(application: $id, from: $from, to: $to) {
      field unit { uscc name } kind fields } }`;
  const { changes } = await desk.read<{ changes: Change[] }>(query, { id, from, to });
  const rows = changes.map(({ field, unit, kind, fields }) => [
    kind,
    unit ? `${unit.uscc} ${unit.name}` : field,
    fields.join(', '),
  ]);
  return { json: { changes }, text: table(['CHANGE', 'OF', 'FIELDS'], rows) };
}

export async function certificateOf(
  desk: Desk,
  id: string,
  { for: stage, out }: { for: string; out: string },
): Promise<Outcome> {
  const query = `query ($id: ID!) { application(id: $id) { certificates { stage fingerprint certificate notAfter } } }`;
  const { application } = await desk.read<{
    application: {
      certificates: { stage: string; fingerprint: string; certificate: string; notAfter: string }[];
    } | null;
  }>(query, { id });
  const issued = application?.certificates.findLast((one) => one.stage === stage.toUpperCase());
  if (!issued) throw notFound(id, `${id} has no certificate for ${stage.toUpperCase()} yet.`);
  await writeFile(out, issued.certificate);
  const { certificate: _, ...facts } = issued;
  return { json: { ...facts, file: out }, text: [`${out}: ${issued.fingerprint}, until ${issued.notAfter}`] };
}

const FORM = `query ($id: ID!) { application(id: $id) { version form {
  organ postalAddress technicalUnit network accessMode numberOfUnits serverLocation serverAddress
  applicant { name phone mail } technicalContact { name phone mail }
  purposes { purpose basis basisText documentSha256 }
  scopes { category action area energyKinds buildingTypes purposes } papers { kind name sha256 }
  certificates { accessType unit unitDocument uscc unitDocumentNumber legalRepresentative unitPhone unitFax unitAddress
    county township mail handler handlerPhone identityDocument identityLastFour address postcode appliedOn network system
    months agreesToTerms csr } } } }`;
const UNITS = `query ($id: ID!, $number: Int!, $first: Int!, $after: String) {
  units: applicationUnits(application: $id, version: $number, first: $first, after: $after) {
    nodes { uscc name industry place nature energyKinds energy { year tce } consumption { energyKind tce }
      acceptance { aspect isPassed opinion } } pageInfo { hasNextPage endCursor } } }`;

/** The form as it stands, to be changed in part. */
export async function presentForm(desk: Desk, id: string): Promise<ApplicationFormInput> {
  const { application } = await desk.read<{
    application: { version: number; form: Omit<ApplicationFormInput, 'units'> } | null;
  }>(FORM, { id });
  if (!application) throw notFound(id);
  const { version: number, form } = application;
  return { ...form, units: await everyNode<ListedUnitInput>(desk, 'units', UNITS, { id, number }) };
}

function notFound(id: string, message = `No application ${id} is in your reach.`): Failure {
  return new Failure({ code: 'NOT_FOUND', message, remedy: 'hub application list shows those that are.' });
}

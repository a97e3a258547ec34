import type { PoolClient } from 'pg';
import type { Answer } from '../answer.js';
import { insert, without } from '../insert.js';
import type { PolicyWorld } from '../model.js';
import { isNoticed, noticeOf } from '../model.js';
import { decided, isErased, tenantText } from '../oracle/registry.js';
import { type Decision, decisionText, rowsText } from '../words.js';
import type { Part } from './part.js';

/** Tenants with their certificates, declarations with what was decided, consents with what became of them. */
export const registry: Part = {
  tables: [],
  plant,
  fields: `
  tenants(first: 500) {
    nodes {
      id certificates(first: 5) { nodes { fingerprint notices { days } } } certificateApprovals(first: 5) { nodes { months } }
    }
    pageInfo { hasNextPage }
  }
  ending: expiringCertificates(days: 3650, first: 500) { nodes { fingerprint } pageInfo { hasNextPage } }
  me { certificates(first: 5) { nodes { fingerprint } } }
  purposes: purposeDeclarations(first: 500) { nodes { id events { kind } } pageInfo { hasNextPage } }
  consents(first: 500) {
    nodes { id events { status } erasureNotice { id acknowledgement { method } } } pageInfo { hasNextPage }
  }
  tenant(id: $tenant) { id }
  declaration: purposeDeclaration(id: $declaration) { id }
  consent(id: $consent) { id }
  erasureNotice(id: $notice) { id }
  itsDecision: accessDecision(tenant: $tenant, category: $category, action: $action) { allowed rule code }`,
  tell(answer) {
    const { told, named, question } = answer;
    const known = (id: string): boolean => named(id) !== undefined;
    answer.list<TenantNode>('tenants', ({ id, certificates, certificateApprovals: approvals }) => {
      const [holders, notices] = [certificates.nodes.map(({ fingerprint }) => named(fingerprint)), noticesOf(certificates)]; // prettier-ignore
      const months = approvals.nodes.map((approval) => approval.months);
      // The loader, who is none of the world's, has no name.
      return known(id) ? tenantText(id, holders.join(), notices.join(), months.join()) : undefined;
    });
    answer.list<Certificate>('ending', ({ fingerprint }) => named(fingerprint), 'tenants with certificates that end'); // prettier-ignore
    const own = answer.value<{ certificates: Nodes<Certificate> }>('me');
    told['own certificates'] = rowsText(own!.certificates.nodes.map(({ fingerprint }) => named(fingerprint) ?? fingerprint)); // prettier-ignore
    answer.list<Declaration>('purposes', ({ id, events }) => known(id) ? `${id} ${events.map(({ kind }) => kind).join()}` : undefined); // prettier-ignore
    answer.list<Consent>(
      'consents',
      ({ id, events, erasureNotice }) =>
      [id, ...events.map(({ status }) => status), ...(erasureNotice ? [noticeText(erasureNotice)] : [])].join(' '), // prettier-ignore
    );
    one(answer, 'tenant', question.tenantAsked);
    one(answer, 'declaration', question.declarationAsked);
    one(answer, 'consent', question.consentAsked);
    one(answer, 'erasureNotice', question.consentAsked, 'notice of consent');
    const decision = answer.value<Decision>('itsDecision');
    if (question.tenantAsked !== 'none')
      told[`decision for ${question.tenantAsked}`] = decision ? decisionText(decision) : answer.refusalAt('itsDecision'); // prettier-ignore
  },
};

interface Nodes<Node> {
  nodes: Node[];
}

interface Certificate {
  fingerprint: string;
  notices: { days: number }[];
}

interface TenantNode {
  id: string;
  certificates: Nodes<Certificate>;
  certificateApprovals: Nodes<{ months: number }>;
}

interface Declaration {
  id: string;
  events: { kind: string }[];
}

interface Consent {
  id: string;
  events: { status: string }[];
  erasureNotice: Notice | null;
}

export interface Notice {
  id: string;
  acknowledgement: { method: string } | null;
}

export function noticeText({ id, acknowledgement }: Notice): string {
  return `${id}${acknowledgement ? ` ${acknowledgement.method}` : ''}`;
}

function noticesOf({ nodes }: Nodes<Certificate>): number[] {
  return nodes.flatMap(({ notices }) => notices.map(({ days }) => days));
}

function one(answer: Answer, field: string, id: string, line = field): void {
  if (id === 'none') return;
  const found = answer.value<{ id: string }>(field);
  answer.told[`${line} ${id}`] = found ? 'seen' : answer.refusalAt(field);
}

async function plant(owner: PoolClient, world: PolicyWorld): Promise<void> {
  const tenants = world.tenants.map(({ id, area }) => ({
    ...{ id: `apv_${id}`, tenant: id, area, basis: 'DECISION', months: 12, reason: 'Contract 1' },
    ...{ approved_until: '2100-01-01T00:00:00Z', approved_by: 'loader' },
  }));
  await insert(
    owner,
    'tenants.certificate_approval',
    'id text, tenant text, area text, basis text, months smallint, reason text, approved_until timestamptz, approved_by text',
    tenants,
  );
  await owner.query('insert into tenants.certificate_notice (fingerprint, days) select fingerprint, 90 from tenants.certificate'); // prettier-ignore
  const declarations = world.declarations.flatMap(({ id, status }) =>
    decided(status) ? [{ declaration: id, kind: status, by: 'loader', reason: 'Contract 1' }] : [],
  );
  // What is decided and consented to stands already: the steps to it are not taken one by one.
  await without(owner, ['judged', 'projected'], 'tenants.purpose_event', () =>
    insert(owner, 'tenants.purpose_event', 'declaration text, kind text, by text, reason text', declarations),
  );
  const terms = 'subject, area, recipient, categories, energy_kinds, meter_levels, finest, purpose, valid_from, valid_to, erase_by'; // prettier-ignore
  await without(owner, ['taken', 'projected', 'noticed'], 'tenants.consent_event', async () => {
    await owner.query(
      `insert into tenants.consent_event (consent, number, from_status, status, actor, tenant, at, answer_by, ${terms})
         select id, 1, 'NONE', status, 'SUBJECT', 'loader', now(), case status when 'REQUESTED' then valid_to end, ${terms}
         from tenants.consent`,
    );
  });
  const long = '2024-07-01T00:00:00Z';
  const said = { acknowledged_at: long, erased_at: long, method: 'erased', receipt: '{}', signature: 'none' };
  await insert(
    owner,
    'tenants.erasure_acknowledgement',
    'notice text, acknowledged_at timestamptz, erased_at timestamptz, method text, receipt text, signature text',
    world.consents
      .filter((consent) => isNoticed(consent) && isErased(consent))
      .map(({ id }) => ({ notice: noticeOf(id), ...said })),
  );
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAuthority } from '../../certs/authority.js';
import type { StageUrls } from '../../gateway/stage-urls.js';
import { STAGES, type Stage } from '../../gateway/policy/grant.js';
import { setUpPurposes } from '../console/purposes.js';
import { atConsole } from '../console/session.js';
import type { DemoCity } from './city.js';

/**
 * The demo tenants with their purposes, scopes and certificates. May be repeated: what is there stays, and only certificates
 * that this HUB_HOME lacks are issued.
 */
export async function setUpParties(
  city: DemoCity,
  home: string,
  urls: Record<Stage, StageUrls>,
): Promise<void> {
  for (const stage of STAGES) {
    const parties = city.tenants.filter((tenant) => tenant.stage === stage);
    await atConsole(stage, urls, async ({ tenants, purposes, scopes, access }) => {
      await tenants.registerTenants(
        parties.map(({ id, name, tier, area, uscc }) => ({ id, name, tier, area, uscc })),
      );
      for (const { id } of parties) {
        const { scopes: known } = await access.facts(id);
        const wanted = city.scopes.filter(({ tenant }) => tenant === id);
        await setUpPurposes(
          purposes,
          id,
          wanted.flatMap((scope) => scope.purposes),
        );
        if (known.length === 0) await scopes.addScopes(wanted.map(({ validFrom: _, ...scope }) => scope));
      }
    });
    const missing = parties.filter(({ id }) => !existsSync(join(home, 'certs', `${id}.crt`)));
    for (const { id, name } of missing) await certify(id, name, stage, home, urls);
  }
}

async function certify(
  id: string,
  name: string,
  stage: Stage,
  home: string,
  urls: Record<Stage, StageUrls>,
): Promise<void> {
  const authority = await openAuthority(home);
  const issued = await atConsole(stage, urls, async ({ approvals, certificates }) => {
    const { approvedUntil } = await approvals.approve({ tenant: id, months: 12, reason: 'Demonstration' });
    const notAfter = new Date(approvedUntil);
    const made = await authority.issueClient({ name: id, organisation: name, stage, notAfter });
    await certificates.registerCertificates([
      {
        tenant: id,
        fingerprint: made.fingerprint,
        serial: made.serial,
        notBefore: new Date(made.notBefore).toISOString(),
        notAfter: new Date(made.notAfter).toISOString(),
      },
    ]);
    return made;
  });
  await authority.handOut(id, issued);
}

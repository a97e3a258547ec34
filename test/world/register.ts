import { openAuthority } from '../../certs/authority.js';
import type { StageUrls } from '../../gateway/stage-urls.js';
import { STAGES, type Stage } from '../../gateway/policy/grant.js';
import { setUpPurposes } from '../../scripts/console/purposes.js';
import { atConsole } from '../../scripts/console/session.js';
import type { Party } from './parties.js';

/** Registers parties with their purposes and scopes, and issues and registers a certificate for each, as `hub` commands do. */
export async function register(
  home: string,
  databases: Record<Stage, StageUrls>,
  parties: readonly Party[],
): Promise<void> {
  const authority = await openAuthority(home);
  for (const stage of STAGES) {
    const ofStage = parties.filter((party) => party.stage === stage);
    await atConsole(stage, databases, async ({ tenants, certificates, purposes, scopes: rights }) => {
      await tenants.registerTenants(
        ofStage.map(({ id, name, tier, area, uscc }) => ({ id, name, tier, area, uscc })),
      );
      for (const { id, purposes: declared, scopes } of ofStage) {
        await setUpPurposes(purposes, id, declared);
        await rights.addScopes(scopes.map((scope) => ({ ...scope, tenant: id })));
      }
      for (const { id } of ofStage) {
        const issued = await authority.issueClient({ name: id, stage });
        await authority.handOut(id, issued);
        const { fingerprint, serial } = issued;
        const [notBefore, notAfter] = [new Date(issued.notBefore), new Date(issued.notAfter)];
        await certificates.registerCertificates([
          {
            tenant: id,
            fingerprint,
            serial,
            notBefore: notBefore.toISOString(),
            notAfter: notAfter.toISOString(),
          },
        ]);
      }
    });
  }
}

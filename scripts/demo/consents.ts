import { setTimeout as pause } from 'node:timers/promises';
import type { HubClient } from '../client/hub-client.js';
import type { DemoCity } from './city.js';
import type { DemoConsent } from './parties.js';

/** Works as a tenant, over mutual TLS. */
type As = (id: string, work: (client: HubClient) => Promise<void>, purpose?: string) => Promise<void>;

/** The gateway learns of consents a fifth of a second later. */
const REGISTRY_MS = 300;

const REQUEST =
  'mutation ($request: ConsentRequestInput!) { consent: requestConsent(request: $request) { id } }';
const RECORD =
  'mutation ($consents: [ConsentInput!]!) { consents: recordConsents(consents: $consents) { id } }';
const GRANT = 'mutation ($id: ID!) { grantConsent(id: $id, reason: "按协议同意（演示）") { id } }';
const REVOKE = 'mutation ($id: ID!) { revokeConsent(id: $id, reason: "不再需要（演示）") { id } }';

/** Plays the stories of the city's consents, each once: what was played before stays as it is. */
export async function giveConsents(city: DemoCity, as: As): Promise<void> {
  for (const consent of city.consents) {
    const subject = city.tenants.find(({ uscc }) => uscc === consent.subject)?.id ?? '';
    if (!(await isThere(consent, as))) await play(consent, subject, as);
  }
  await pause(REGISTRY_MS);
}

async function isThere({ recipient, subject, categories }: DemoConsent, as: As): Promise<boolean> {
  let found = false;
  await as(recipient, async (client) => {
    const { consents } = await client.ask<{ consents: { nodes: { categories: string[] }[] } }>(
      'query ($subject: ID!) { consents(subject: $subject, first: 100) { nodes { categories } } }',
      { subject },
    );
    found = consents.nodes.some((known) => known.categories.join() === categories.join());
  });
  return found;
}

async function play({ story, ...consent }: DemoConsent, subject: string, as: As): Promise<void> {
  const { recipient, evidenceSha256: _, ...request } = consent;
  if (story === 'PAPER') {
    return as(
      recorder,
      async (client) => void (await client.ask(RECORD, { consents: [consent] })),
      OPERATION,
    );
  }
  if (story === 'REVOKED') {
    return as(subject, async (client) => {
      const { consents } = await client.ask<{ consents: [{ id: string }] }>(RECORD, { consents: [consent] });
      await client.ask(REVOKE, { id: consents[0].id });
    });
  }
  let id = '';
  await as(recipient, async (client) => {
    id = (await client.ask<{ consent: { id: string } }>(REQUEST, { request })).consent.id;
  });
  if (story === 'GRANTED') await as(subject, async (client) => void (await client.ask(GRANT, { id })));
}

/** The operator of the platform, who has the paper. */
const recorder = 'municipal';
const OPERATION = 'PLATFORM_OPERATION';

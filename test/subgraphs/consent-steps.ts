import { aConsent } from '../world/admin.js';
import type { Caller } from '../world/caller.js';

/** What a recipient asks for, of enterprise A unless said otherwise. */
export function aRequest(rest: object = {}): object {
  const { recipient: _, ...request } = aConsent({ validTo: '2090-01-01T00:00:00Z', ...rest });
  return request;
}

/** Asks as `recipient`; the consent's id. */
export async function ask(recipient: Caller, request = aRequest()): Promise<string> {
  const text = 'mutation ($request: ConsentRequestInput!) { done: requestConsent(request: $request) { id } }';
  const { done } = await recipient.mustAsk<{ done: { id: string } }>(text, { request });
  return done.id;
}

/** Takes a step as `caller`; the consent's new state, or the refusal's code. */
export async function step(caller: Caller, name: string, args: Record<string, unknown>): Promise<string> {
  const declared = '($id: ID!, $reason: String, $evidenceSha256: String';
  const passed = 'id: $id, reason: $reason, evidenceSha256: $evidenceSha256';
  const [more, also] =
    name === 'grantConsent' ? [', $terms: GrantedTermsInput', ', terms: $terms'] : ['', ''];
  const text = `mutation ${declared}${more}) { done: ${name}(${passed}${also}) { status } }`;
  const { data, errors } = await caller.ask(text, args);
  return errors?.[0]?.extensions.code ?? (data as { done: { status: string } }).done.status;
}

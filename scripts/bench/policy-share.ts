import type { BenchHub } from './bench-hub.js';
import { type Asked, CALLER, gatewayTurns, type Side, type Turns } from './gateway-turns.js';

/** What identity, purpose, limits and policy cost a gateway that is busy with nothing but small answers. */
export interface PolicyShare {
  name: string;
  query: string;
  turns: number;
  /** By how much fewer requests are answered because each is decided on. */
  throughputShare: number;
  /** How much of the processor time of gateway and PostgreSQL together goes into deciding; of the gateway's alone. */
  processorShare: number;
  gatewayShare: number;
  /** The same for sealing the decision, and for its opening by the room. */
  grantThroughputShare: number;
  grantProcessorShare: number;
  grantGatewayShare: number;
  once: Side;
  policyTwice: Side;
  grantTwice: Side;
}

const isMe: Asked['isAnswered'] = ({ data }) =>
  (data?.['me'] as { tenant: string } | null | undefined)?.tenant === CALLER;

/** The smallest query there is, and the same with a field that is refused: it is pruned, and stands in the answer as null. */
const ASKED: Record<string, Asked> = {
  'policy share': { query: '{ me { tenant } }', isAnswered: isMe },
  'policy share, pruned': {
    query: '{ me { tenant } consents(first: 1) { nodes { id } } }',
    isAnswered: (answer) => isMe(answer) && answer.data?.['consents'] === null,
  },
};

/**
 * No part of the policy can be left out of a hub. So one decides on every request twice, and what that takes away from
 * one that decides once is what deciding takes: of b for the rest and p for the policy, (b + 2p) / (b + p) − 1 is p / (b + p).
 */
export async function benchPolicyShare(hub: BenchHub, rounds: number): Promise<PolicyShare[]> {
  const shares: PolicyShare[] = [];
  for (const [name, asked] of Object.entries(ASKED)) {
    const turns = await gatewayTurns(hub, ['as it is', 'policy twice', 'grant twice'], asked, rounds);
    const [policy, grant] = [sharesOf(turns, 1), sharesOf(turns, 2)];
    shares.push({
      name,
      query: asked.query,
      turns: turns.count,
      ...policy,
      grantThroughputShare: grant.throughputShare,
      grantProcessorShare: grant.processorShare,
      grantGatewayShare: grant.gatewayShare,
      once: turns.side(0),
      policyTwice: turns.side(1),
      grantTwice: turns.side(2),
    });
  }
  return shares;
}

function sharesOf(
  turns: Turns,
  again: number,
): Pick<PolicyShare, 'throughputShare' | 'processorShare' | 'gatewayShare'> {
  const sides = { once: 0, again };
  return {
    throughputShare: turns.added(({ perSecond }) => 1 / perSecond, sides),
    processorShare: turns.added(({ gateway, postgres }) => gateway + postgres, sides),
    gatewayShare: turns.added(({ gateway }) => gateway, sides),
  };
}

import type { BenchHub } from './bench-hub.js';
import { CALLER, gatewayTurns, type Side } from './gateway-turns.js';

/** What the ledger costs a gateway that is busy with nothing but small answers. */
export interface LedgerShare {
  name: 'ledger share';
  query: string;
  turns: number;
  /** By how much fewer requests are answered because each is recorded. */
  throughputShare: number;
  /** How much of the processor time of gateway and PostgreSQL together is the ledger's; of the gateway's alone. */
  processorShare: number;
  gatewayShare: number;
  with: Side;
  without: Side;
}

const QUERY = '{ me { tenant } }';

/** The smallest query there is, so that the ledger's share is as large as it can be. */
export async function benchLedgerShare(hub: BenchHub, rounds: number): Promise<LedgerShare> {
  const asked = {
    query: QUERY,
    isAnswered: ({ data }: { data?: Record<string, unknown> | null }) =>
      (data?.['me'] as { tenant: string } | null | undefined)?.tenant === CALLER,
  };
  const turns = await gatewayTurns(hub, ['as it is', 'without ledger'], asked, rounds);
  const sides = { whole: 0, part: 1 };
  return {
    name: 'ledger share',
    query: QUERY,
    turns: turns.count,
    throughputShare: turns.share(({ perSecond }) => 1 / perSecond, sides),
    processorShare: turns.share(({ gateway, postgres }) => gateway + postgres, sides),
    gatewayShare: turns.share(({ gateway }) => gateway, sides),
    with: turns.side(0),
    without: turns.side(1),
  };
}

import type { GraphQLSchema } from 'graphql';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import type { Demand } from '../demand/demand.js';
import { traced } from '../../subgraphs/runtime/tracing.js';
import type { Limits } from '../demand/limits.js';
import type { Grant } from '../policy/grant.js';
import { type Answer, disclosure, written } from './answer.js';
import { asking } from './asking.js';
import type { Executed } from './execution/execution.js';
import type { Variables } from './execution/project.js';
import { wrongVariables } from './execution/variables.js';
import type { Executions, Permitted } from './executions.js';
import { policed, type Policed } from './policed.js';
import type { Planner } from './planner.js';
import type { Prepared } from './prepared.js';
import type { RequestContext } from './request.js';
import { restoreWithheld } from './restore.js';
import type { Supergraph } from './supergraph.js';

export interface ExecutorOptions {
  supergraph: Supergraph;
  planner: Planner;
  executions: Executions;
  clients: ReadonlyMap<string, RoomClient>;
  limits: Limits;
  demand: Pick<Demand, 'charge'>;
  seal: (grant: Grant) => Promise<string>;
}

/** What an operation runs by once it is decided and planned. */
interface Running {
  decision: Policed;
  permitted: Permitted;
  isHeld: (answer: Answer) => boolean;
}

/**
 * Query planning with the policy before it and the ledger behind it: what the caller may not see is taken out before a
 * plan is made, and nothing is answered before it is recorded.
 */
export class PolicedGateway {
  readonly #options: ExecutorOptions;
  /** What clients may ask for. */
  readonly schema: GraphQLSchema;

  constructor(options: ExecutorOptions) {
    const unserved = options.planner.rooms.filter((name) => !options.clients.has(name));
    if (unserved.length > 0) {
      throw new Error(`the supergraph names rooms that are not served: ${unserved.join(', ')}`);
    }
    this.#options = options;
    this.schema = options.planner.internals.schema;
  }

  get supergraph(): Supergraph {
    return this.#options.supergraph;
  }

  /** Plans an operation of a published document ahead of its first request. */
  publish(prepared: Prepared): void {
    this.#options.executions.publish(prepared);
  }

  /**
   * @param isHeld whether the client has this answer already: then nothing is released to it
   * @returns errors alone, and no data, when the variables are not what the operation declares
   * @throws Refusal of the whole request
   */
  async answer(
    prepared: Prepared,
    variables: Variables,
    context: RequestContext,
    isHeld: (answer: Answer) => boolean = () => false,
  ): Promise<Answer> {
    await context.mustStand(prepared.acts, prepared.recorded);
    const { limits, demand } = this.#options;
    const decision = traced('decide', () => policed(limits, prepared, variables, context));
    const wrong = wrongVariables(this.schema, prepared.operation, variables);
    if (wrong.length > 0) return { errors: [...wrong] };
    const { estimate } = decision;
    const charge = await traced('demand', () => demand.charge(context.caller, context.demand, estimate.cost));
    let came = estimate;
    let planningMs = 0;
    try {
      const { executions } = this.#options;
      const refused = new Set(decision.refused.keys());
      const permitted = traced('plan', () => executions.of(prepared, refused, (ms) => (planningMs = ms)));
      const { result, answer } = await this.#run(prepared, variables, context, {
        decision,
        permitted,
        isHeld,
      });
      const { measure } = prepared;
      came = result.bytes ? measure.unread(result.bytes.length, estimate) : measure.actual(result.data);
      return answer;
    } finally {
      charge.settle(came.cost, planningMs);
    }
  }

  async #run(
    prepared: Prepared,
    variables: Variables,
    context: RequestContext,
    { decision, permitted, isHeld }: Running,
  ): Promise<{ result: Executed; answer: Answer }> {
    const { clients } = this.#options;
    const { reach, refused } = decision;
    const { execution, pruned } = permitted;
    if (prepared.recorded.kind === 'MUTATION') await record(context, prepared, decision, null);
    context.sealedGrant = await traced('grant', () => this.#options.seal(context.grantOf(reach)));
    const result = await execution.run(variables, asking(clients, context), !pruned);
    const answer = written(pruned ? restoreWithheld(result, pruned, refused) : result);
    await record(context, prepared, decision, isHeld(answer) ? null : answer);
    return { result, answer };
  }
}

function record(
  context: RequestContext,
  { recorded }: Prepared,
  { asked, refused }: Policed,
  answer: { data: Buffer } | null,
): Promise<void> {
  return traced('record', () =>
    context.record({
      operation: recorded,
      permissions: asked,
      refusals: [...refused].map(([permission, { rule, code }]) => ({ permission, rule, code })),
      release: answer && disclosure(answer),
      disclosed: answer ? context.disclosed : [],
    }),
  );
}

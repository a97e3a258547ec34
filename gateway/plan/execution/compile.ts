import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { fetching } from './fetch.js';
import { leadingTo } from './places.js';
import type { Step } from './run.js';

/** Whether a variable of the operation, a boolean, holds. */
export type Holds = (variable: string) => boolean;

/**
 * A plan as one step to run, for one choice of what `@skip` and `@include` ask for.
 *
 * @param schema that of all rooms
 * @throws Error for what a plan may hold and the executor does not do
 */
export function compiled(schema: GraphQLSchema, { node }: QueryPlan, holds: Holds): Step {
  const step = (planned: PlanNode | undefined): Step => {
    if (planned === undefined) return async () => undefined;
    switch (planned.kind) {
      case 'Sequence':
        return inOrder(planned.nodes.map(step));
      case 'Parallel':
        return atOnce(planned.nodes.map(step));
      case 'Flatten':
        return within(leadingTo(planned.path), step(planned.node));
      case 'Condition':
        return step(holds(planned.condition) ? planned.ifClause : planned.elseClause);
      case 'Fetch':
        return fetching(schema, planned);
      default:
        throw new Error(`the executor does not run ${planned.kind} nodes of a plan`);
    }
  };
  if (node?.kind === 'Subscription') throw new Error('the executor does not run subscriptions');
  return step(node);
}

function inOrder(steps: readonly Step[]): Step {
  return async (run, place) => {
    for (const step of steps) await step(run, place);
  };
}

function atOnce(steps: readonly Step[]): Step {
  return async (run, place) => {
    await Promise.all(steps.map((step) => step(run, place)));
  };
}

function within(lead: ReturnType<typeof leadingTo>, inner: Step): Step {
  return async (run, place) => {
    const reached = lead(place);
    if (reached.objects.length > 0) await inner(run, reached);
  };
}

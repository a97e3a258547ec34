import { Directive } from 'type-graphql';

/**
 * What a field takes beside the objects that it gives, in objects of a plain list (`@cost`): time of the field alone
 * over time an object of `meters`, in the demo city (docs/decisions/0032).
 */
export const Costs = (weight: number): ReturnType<typeof Directive> => Directive(`@cost(weight: ${weight})`);

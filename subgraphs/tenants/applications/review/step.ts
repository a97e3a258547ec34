import { Mutation } from 'type-graphql';
import type { Permission } from '../../../../gateway/policy/categories.js';
import { Guarded } from '../../../runtime/guarded.js';
import { Application } from '../entities.js';

/** A mutation that answers with the application as it stands after it, for who has these permissions. */
export function Step(description: string, ...permissions: Permission[]): MethodDecorator {
  return (resolver, name, descriptor) => {
    Mutation(() => Application, { nullable: true, description })(resolver, name, descriptor);
    Guarded(...permissions)(resolver, name, descriptor);
  };
}

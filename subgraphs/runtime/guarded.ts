// Before any decorator runs: type-graphql and the entity manager read the types that the compiler left behind.
import 'reflect-metadata';
import { Directive } from 'type-graphql';
import type { Permission } from '../../gateway/policy/categories.js';

/**
 * Names the categories and actions that a type or field needs, all of them (`@requiresScopes`). Every object type and every root
 * field of the hub carries this or {@link forAnyCaller}; the supergraph is refused otherwise.
 */
export function Guarded(...permissions: Permission[]): ClassDecorator & MethodDecorator & PropertyDecorator {
  const all = permissions.map((permission) => `"${permission}"`).join(', ');
  return Directive(`@requiresScopes(scopes: [[${all}]])`) as ClassDecorator &
    MethodDecorator &
    PropertyDecorator;
}

/** Open to every caller with a registered certificate: it holds no data of a category. */
export function ForAnyCaller(): ClassDecorator & MethodDecorator & PropertyDecorator {
  return Directive('@authenticated') as ClassDecorator & MethodDecorator & PropertyDecorator;
}

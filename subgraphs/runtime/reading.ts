import type { EntityClass, EntityManager } from '@mikro-orm/postgresql';

type Row = Record<string, unknown>;

const known = new WeakMap<object, (row: Row) => object>();

/**
 * How rows become entities that are only read: nothing looks for changes in them, so they are in no unit of work. A
 * mutation's rows are the entity manager's.
 */
export function reading<T extends object>(em: EntityManager, entity: EntityClass<T>): (row: Row) => T {
  const metadata = em.getMetadata().get(entity);
  const before = known.get(metadata);
  if (before) return before as (row: Row) => T;
  const platform = em.getPlatform();
  const Entity = metadata.class as new () => Row;
  const properties = metadata.props.flatMap(({ name, fieldNames, customType: type, persist }) => {
    const [column] = fieldNames ?? [];
    return column === undefined || persist === false ? [] : [{ name: name as string, column, type }];
  });
  const read = (row: Row): object => {
    const one = new Entity();
    for (const { name, column, type } of properties) {
      const value = row[column];
      if (value === undefined) continue;
      one[name] = type && value !== null ? (type.convertToJSValue(value, platform) as unknown) : value;
    }
    return one;
  };
  known.set(metadata, read);
  return read as (row: Row) => T;
}

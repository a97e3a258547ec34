import type { EntityClass } from '@mikro-orm/postgresql';
import { Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { AreaSettings } from './area-settings.js';
import { mustBeArea } from './areas.js';
import { Instant } from './scalars.js';
import { asRefusal, type Session } from './session.js';
import { Sourced } from './sourced.js';

/** A row of the view: where it counts, and who set it. */
@ObjectType()
export abstract class AreaSetting extends Sourced {
  @Field(() => String, { description: 'GB/T 2260 code of where it counts; the nearest counts (适用区域)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => Int, { description: 'Counts up as it is set again; 0 as delivered (版本)' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => ID, { nullable: true, description: 'Tenant that set it, where one did (设置方)' })
  @Property({ type: 'text', nullable: true })
  setBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was set (设置时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  setAt!: string | null;
}

/**
 * Sets something for an area, whose admin the caller is; what was set before stays.
 *
 * @throws Refusal ROW_OUT_OF_REACH, BAD_USER_INPUT
 */
export async function setForArea<T extends AreaSetting>(
  session: Session,
  entity: EntityClass<T>,
  { room, name, key: [key], values }: AreaSettings,
  said: Record<string, unknown> & { area: string; source: string },
): Promise<T> {
  mustBeArea(said.area);
  const columns = ['area', key, ...Object.keys(values), 'source'];
  try {
    const [added] = await session.rows<{ version: number }>(
      `insert into ${room}.set_${name} (${columns.join(', ')})
       values (${columns.map((_, index) => `$${index + 1}`).join(', ')}) returning version`,
      columns.map((column) => said[column]),
    );
    const [known] = await session.entities(
      entity,
      `select * from ${room}.known_${name} where area = $1 and ${key} = $2 and version = $3`,
      [said.area, said[key], added!.version],
    );
    return known!;
  } catch (error) {
    throw asRefusal(error);
  }
}

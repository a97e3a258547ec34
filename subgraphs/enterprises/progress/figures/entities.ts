import { Field, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import { connectionOf } from '../../../runtime/lists.js';
import { Decimal } from '../../../runtime/scalars.js';

/** Counts of units. Shares are rounded down, so that none shows a target reached that is not. */
@Guarded('enterprises:read')
@ObjectType({ description: 'How far the key units of an area and class have come (接入进度统计)' })
export class AccessFigures {
  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, { nullable: true, description: 'Class; null for all of them (重点用能单位类别)' })
  unitClass!: string | null;

  @Field(() => Int, { description: 'Units to connect (应接入)' })
  toConnect!: number;

  @Field(() => Int, { description: 'Of them planned until the day looked at (按计划应完成)' })
  plannedByNow!: number;

  @Field(() => Int, { description: 'Without a plan (未列入计划)' })
  unplanned!: number;

  @Field(() => Int, { description: 'Being built (建设中)' })
  building!: number;

  @Field(() => Int, { description: 'Connected, uploading daily or not (已接入)' })
  connected!: number;

  @Field(() => Int, { description: 'Uploading daily (每日上传)' })
  uploading!: number;

  @Field(() => Int, { description: 'Uploading all their declared main kinds daily (能源品种齐全)' })
  complete!: number;

  @Field(() => Int, { description: 'Past their day and not uploading daily (逾期)' })
  overdue!: number;

  @Field(() => Decimal, { description: 'Connected, per cent (接入率)' })
  connectedShare!: string;

  @Field(() => Decimal, { description: 'Uploading daily, per cent (每日上传率)' })
  uploadingShare!: string;

  @Field(() => Int, {
    description:
      'Place among the areas listed, by uploadingShare, then connectedShare; equals share one (排名)',
  })
  rank!: number;
}

export const AccessFiguresConnection = connectionOf(AccessFigures, 'AccessFigures', 'enterprises:read');

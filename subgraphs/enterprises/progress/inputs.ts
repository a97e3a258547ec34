import { ArgsType, Field } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { AccessState } from './entities.js';

const AREA = { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' } as const;
const QUARTER = {
  nullable: true,
  description: 'Quarter, e.g. 2026Q3: as of its last day, or of today; the present one by default (季度)',
} as const;

@ArgsType()
export class AccessProgressArguments extends PageArguments {
  @Field(() => String, AREA)
  area?: string | null;

  @Field(() => String, QUARTER)
  quarter?: string | null;
}

@ArgsType()
export class AccessUnitsArguments extends AccessProgressArguments {
  @Field(() => String, { nullable: true, description: 'BAIJIA, QIANJIA or WANJIA (重点用能单位类别)' })
  unitClass?: string | null;

  @Field(() => AccessState, { nullable: true, description: 'State (接入状态)' })
  state?: AccessState | null;

  @Field(() => Boolean, { nullable: true, description: 'Overdue or not (是否逾期)' })
  isOverdue?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether all declared main kinds upload daily (能源品种是否齐全)',
  })
  isComplete?: boolean | null;
}

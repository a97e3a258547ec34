import { ArgsType, Field } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@ArgsType()
export class UploadRemindersArguments extends PageArguments {
  @Field(() => LocalDate, { nullable: true, description: 'Only of this day (数据日期)' })
  date?: string | null;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}

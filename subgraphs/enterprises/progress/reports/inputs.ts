import { ArgsType, Field } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';

@ArgsType()
export class AccessReportArguments {
  @Field(() => String, { description: 'GB/T 2260 code (行政区划代码)' })
  area!: string;

  @Field(() => String, { description: 'Quarter, e.g. 2026Q3 (季度)' })
  quarter!: string;
}

@ArgsType()
export class SubmittedReportArguments extends AccessReportArguments {
  @Field(() => String, { description: 'Supervision, at most 10,000 characters (监管情况)' })
  supervision!: string;

  @Field(() => String, { description: 'Problems, likewise (问题)' })
  problems!: string;

  @Field(() => String, { description: 'Suggestions, likewise (建议)' })
  suggestions!: string;
}

@ArgsType()
export class AccessReportsDueArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Quarter, e.g. 2026Q3; the last that is over by default (季度)',
  })
  quarter?: string | null;
}

import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@InputType({ description: 'A visit to a meter (现场维护)' })
export class MaintenanceVisitInput {
  @Field(() => ID, { description: 'Meter (计量器具)' })
  meterId!: string;

  @Field(() => ID, { nullable: true, description: 'Case of the meter that it is about (处置单)' })
  caseId?: string | null;

  @Field(() => LocalDate, { description: 'Day of the visit (维护日期)' })
  visitedOn!: string;

  @Field(() => String, { description: 'Who was there (维护人员)' })
  visitor!: string;

  @Field(() => String, { description: 'What was found (发现情况)' })
  found!: string;

  @Field(() => String, { description: 'What was done (处理措施)' })
  done!: string;

  @Field(() => ID, { nullable: true, description: 'Appliance that was put in, dev_… (更换的器具)' })
  device?: string | null;

  @Field(() => [ID], {
    defaultValue: [],
    description: 'Findings of the meter that it answers, at most 100 (对应问题)',
  })
  findings!: string[];
}

@ArgsType()
export class MaintenanceVisitsArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Meter (计量器具)' })
  meterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Case (处置单)' })
  caseId?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day (起始日期)' })
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day (截止日期)' })
  to?: string | null;
}

import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import { Enterprise } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import { UploadReminder, UploadReminderConnection } from './entities.js';
import { UploadRemindersArguments } from './inputs.js';

@Resolver(() => UploadReminder)
export class ReminderResolver {
  @Guarded('quality:read')
  @Query(() => UploadReminderConnection, {
    nullable: true,
    description: 'Who had not sent a day by its deadline, the latest day first (未上传提醒列表)',
  })
  uploadReminders(
    @Args() args: UploadRemindersArguments,
    @Ctx() { reminders }: MeteringContext,
  ): Promise<Page<UploadReminder>> {
    return reminders.list(args);
  }

  @FieldResolver(() => Enterprise, { nullable: true, description: 'Owner of the meters (用能单位)' })
  owner(@Root() { subject }: UploadReminder): Enterprise {
    return { uscc: subject };
  }
}

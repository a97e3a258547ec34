import { Field, Int, ObjectType } from 'type-graphql';
import { ForAnyCaller } from '../../runtime/guarded.js';
import { Instant } from '../../runtime/scalars.js';

/** That a certificate's end came near: recorded and logged once for each number of days. */
@ForAnyCaller()
@ObjectType({ description: 'Notice of a certificate’s end (证书到期提醒)' })
export class CertificateNotice {
  @Field(() => Int, { description: '90, 30, 14, 7 or 1 (提前天数)' })
  days!: number;

  @Field(() => Instant, { description: 'When (提醒时间)' })
  noticedAt!: string;
}

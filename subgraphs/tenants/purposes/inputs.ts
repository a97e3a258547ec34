import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Instant } from '../../runtime/scalars.js';

@InputType({ description: 'A purpose to declare (用途申报)' })
export class PurposeDeclarationInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Whose purpose; the caller’s own by default, another’s with purposes:write (单位标识)',
  })
  tenant?: string | null;

  @Field(() => String, { description: 'Purpose, see the README (用途)' })
  purpose!: string;

  @Field(() => String, {
    description:
      'Kind of legal basis: LAW, REGULATION, STATUTORY_DUTY, CONTRACT, CONSENT or OWN_DATA (法律依据类别)',
  })
  basis!: string;

  @Field(() => String, {
    description: 'The legal basis in words, at most 2000 characters: title, number, article (法律依据)',
  })
  basisText!: string;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the document that shows it, hexadecimal (依据文件哈希)',
  })
  documentSha256?: string | null;

  @Field(() => Instant, { nullable: true, description: 'Valid from; now by default (生效时间)' })
  validFrom?: string | null;

  @Field(() => Instant, { nullable: true, description: 'Valid to; none is open (失效时间)' })
  validTo?: string | null;
}

@ArgsType()
export class PurposeDeclarationsArguments extends PageArguments {
  @Field(() => ID, { nullable: true, description: 'Tenant (单位标识)' })
  tenant?: string | null;

  @Field(() => String, { nullable: true, description: 'DECLARED, APPROVED, REFUSED or ENDED (状态)' })
  status?: string | null;
}

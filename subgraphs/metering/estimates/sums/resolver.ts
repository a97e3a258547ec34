import { type ClassType, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Decimal } from '../../../runtime/scalars.js';
import { Consumption } from '../../entities.js';
import { ConsumptionPeriod } from '../../rollups/entities.js';

const ASKED = 'null unless withEstimates is asked for';
const TOTAL = {
  nullable: true,
  description: `Exact sum of estimated values, in no total of measured ones; ${ASKED} (估算合计)`,
};
const REPLACED = {
  nullable: true,
  description: `Of total, what was measured where an estimate stands in: who wants one figure takes total − replacedTotal + estimatedTotal; ${ASKED} (被替代的实测合计)`,
};
const VALUES = { nullable: true, description: `Estimated values; ${ASKED} (估算数据个数)` };
const COMPLETE = {
  nullable: true,
  description: `Whether every value due of the meters in use and in your reach is measured or estimated; by hours, of the whole day; ${ASKED} (是否完整)`,
};

type Sum = Pick<Consumption | ConsumptionPeriod, 'estimates'>;

/** The fields are the same whether a sum is of all the days asked for or of one period of them. */
function estimatedOf(sum: ClassType<Sum>) {
  @Resolver(() => sum)
  abstract class Estimated {
    @FieldResolver(() => Decimal, TOTAL)
    estimatedTotal(@Root() { estimates }: Sum): string | null {
      return estimates?.total ?? null;
    }

    @FieldResolver(() => Decimal, REPLACED)
    replacedTotal(@Root() { estimates }: Sum): string | null {
      return estimates?.replacedTotal ?? null;
    }

    @FieldResolver(() => Int, VALUES)
    estimatedValues(@Root() { estimates }: Sum): number | null {
      return estimates?.values ?? null;
    }

    @FieldResolver(() => Boolean, COMPLETE)
    isComplete(@Root() { estimates }: Sum): Promise<boolean> | null {
      return estimates?.isComplete() ?? null;
    }
  }
  return Estimated;
}

@Resolver(() => Consumption)
export class EstimatedResolver extends estimatedOf(Consumption) {}

@Resolver(() => ConsumptionPeriod)
export class EstimatedPeriodResolver extends estimatedOf(ConsumptionPeriod) {}

import { FieldResolver, Int, Resolver, Root } from 'type-graphql';
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

@Resolver(() => Consumption)
export class EstimatedResolver {
  @FieldResolver(() => Decimal, TOTAL)
  estimatedTotal(@Root() { estimates }: Consumption): string | null {
    return estimates?.total ?? null;
  }

  @FieldResolver(() => Decimal, REPLACED)
  replacedTotal(@Root() { estimates }: Consumption): string | null {
    return estimates?.replacedTotal ?? null;
  }

  @FieldResolver(() => Int, VALUES)
  estimatedValues(@Root() { estimates }: Consumption): number | null {
    return estimates?.values ?? null;
  }

  @FieldResolver(() => Boolean, COMPLETE)
  isComplete(@Root() { estimates }: Consumption): Promise<boolean> | null {
    return estimates?.isComplete() ?? null;
  }
}

@Resolver(() => ConsumptionPeriod)
export class EstimatedPeriodResolver {
  @FieldResolver(() => Decimal, TOTAL)
  estimatedTotal(@Root() { estimates }: ConsumptionPeriod): string | null {
    return estimates?.total ?? null;
  }

  @FieldResolver(() => Decimal, REPLACED)
  replacedTotal(@Root() { estimates }: ConsumptionPeriod): string | null {
    return estimates?.replacedTotal ?? null;
  }

  @FieldResolver(() => Int, VALUES)
  estimatedValues(@Root() { estimates }: ConsumptionPeriod): number | null {
    return estimates?.values ?? null;
  }

  @FieldResolver(() => Boolean, COMPLETE)
  isComplete(@Root() { estimates }: ConsumptionPeriod): Promise<boolean> | null {
    return estimates?.isComplete() ?? null;
  }
}

import { Refusal } from '../../../gateway/errors.js';
import type { Amount } from '../coal/choice.js';
import type { CoalRepository } from '../coal/repository.js';
import type { Consumption } from '../entities.js';
import type { ComprehensiveEnergy, ComprehensiveTerm } from './entities.js';
import type { ComprehensiveArguments } from './inputs.js';
import type { BalanceRepository } from './repository.js';

interface Repositories {
  balances: BalanceRepository;
  coal: CoalRepository;
}

/**
 * GB/T 2589: every class at the gate times its coefficient, on one basis. A class without a coefficient is named and
 * left out of the sum; it does not count as nothing.
 *
 * @throws Refusal BAD_USER_INPUT, also for an edition or a class that is named and counts for nothing.
 */
export async function comprehensive(
  args: ComprehensiveArguments,
  { balances, coal }: Repositories,
): Promise<ComprehensiveEnergy> {
  const { uscc, year, basis, editions, energies } = args;
  const gates = await balances.gates(uscc, year);
  const terms = await Promise.all(gates.map((gate) => term(gate, args, coal)));
  const counted = terms.flatMap(({ coalEquivalent }) => coalEquivalent ?? []);
  const idle =
    editions?.find((edition) => !counted.some((one) => one.edition === edition)) ??
    energies?.find(({ energyClass }) => !terms.some((one) => one.energyClass === energyClass))?.energyClass;
  if (idle !== undefined && terms.length > 0) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `${idle} counts for nothing that was metered in ${year}.`,
    });
  }
  const isRange = counted.some(({ value }) => value === null);
  const [low, high] = await coal.sums([counted.map((one) => one.low), counted.map((one) => one.high)]);
  const sum = (end: string | undefined): string | null => (counted.length > 0 ? (end ?? null) : null);
  return {
    year,
    basis,
    value: isRange ? null : sum(low),
    low: sum(low),
    high: sum(high),
    terms,
    lacking: [...new Set(terms.filter((one) => one.missing).map(({ energyClass }) => energyClass))],
    isVerified: counted.every(({ isVerified }) => isVerified),
  };
}

async function term(
  consumption: Consumption & Pick<Amount, 'energyItem' | 'unit'>,
  { year, basis, editions, energies }: ComprehensiveArguments,
  coal: CoalRepository,
): Promise<ComprehensiveTerm> {
  const energyClass = consumption.energyItem.slice(0, 2);
  const energy = energies?.find((one) => one.energyClass === energyClass)?.energy ?? null;
  const asked = { basis, year, energy, preferred: editions ?? [] };
  try {
    const coalEquivalent = await coal.equivalent(consumption, asked);
    return { energyClass, consumption, coalEquivalent, missing: null };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'COEFFICIENT_MISSING') throw error;
    return { energyClass, consumption, coalEquivalent: null, missing: `${error.message} ${error.remedy}` };
  }
}

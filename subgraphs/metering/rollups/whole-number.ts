import { Refusal } from '../../../gateway/errors.js';

/** GraphQL's whole numbers end here. */
const LARGEST = 2_147_483_647;
const TOO_MANY = new Refusal('QUERY_TOO_WIDE', {
  message: `The sum is of more than ${LARGEST} values.`,
  remedy: 'Ask for a shorter period or a smaller area, or for a series.',
});

/** @throws Refusal QUERY_TOO_WIDE where a count is larger than an answer can say. */
export function checkCounts(...counts: number[]): void {
  if (Math.max(...counts) > LARGEST) throw TOO_MANY;
}

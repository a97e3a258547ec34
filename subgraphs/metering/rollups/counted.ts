/**
 * Which meters, or rows of sums, count when an item is added up: of a class total the gates, because a total is never
 * the sum of its parts; of any other item the outermost, because a meter below another of its item measures part of the
 * same again. `is_nested` is the registry's, so who sees fewer meters does not get other sums.
 */
export function isCounted(table: string): string {
  return `not ${table}.is_nested and (${table}.level = 1 or right(${table}.energy_item, 3) <> '000')`;
}

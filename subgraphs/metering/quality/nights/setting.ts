/** What of an edition, the one in force in a night, a statement compares with. */
export const setting = (rule: string, name: string, edition = 'by_edition'): string =>
  `(select value from metering.quality_value where edition = ${edition} and quality_value.rule = '${rule}' and name = '${name}')`;

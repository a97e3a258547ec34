/** SQLSTATE of our own: a table would not take the value of the column that the error names. */
export const UNFIT_VALUE = 'HB422';

/**
 * The end of a block in PL/pgSQL that changes columns of a table: whatever the table does not take is refused with the
 * column and the reason. The block's function declares `broken_constraint` and `empty_column`, both text.
 *
 * @param target SQL of the table, a `regclass`
 * @param changes SQL of the change, `jsonb` by column
 */
export function refusingUnfit(target: string, changes: string): string {
  return `when integrity_constraint_violation or data_exception or program_limit_exceeded then
        get stacked diagnostics broken_constraint = constraint_name, empty_column = column_name;
        perform runtime.refuse_value(${target}, ${changes}, broken_constraint, empty_column);`;
}

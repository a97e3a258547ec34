/**
 * Makes a table history: its rows are added and never changed or deleted, not by the owner either, as long as nobody
 * takes the triggers off. A row whose state moves on names the columns that say so; the rest of it stays.
 */
export function appendOnly(table: string, ...changing: string[]): string {
  const refused = changing.length > 0 ? 'delete or truncate' : 'update or delete or truncate';
  return `
    create trigger refuse_change before ${refused} on ${table}
      for each statement execute function runtime.refuse_change();
    alter table ${table} enable always trigger refuse_change;
    ${changing.length > 0 ? keepingTheRest(table, changing) : ''}`;
}

function keepingTheRest(table: string, changing: string[]): string {
  const columns = changing.map((column) => `'${column}'`).join(', ');
  return `
    create trigger refuse_other_change before update on ${table}
      for each row execute function runtime.refuse_other_change(${columns});
    alter table ${table} enable always trigger refuse_other_change;`;
}

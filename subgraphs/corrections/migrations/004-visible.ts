import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';
import { mayReadByHand, mayReadCorrected } from '../visible/seen.js';

/** What the rooms see of a table: all of a row but the values, unless the caller may read the row that they are of. */
function visible(
  table: string,
  policy: string,
  { columns, values, isSeen }: { columns: string; values: string[]; isSeen: string },
): string {
  const shown = values.map((value) => `case when is_seen then ${value} end as ${value}`);
  const view = table.replace('.', '.visible_');
  return `
    create policy showing on ${table} for select to hub_views using (${policy});
    grant select on ${table} to hub_views;
    create view ${view} as
      select ${columns}, ${shown.join(', ')} from (select *, ${isSeen} as is_seen from ${table}) as one;
    alter view ${view} owner to hub_views;
    grant select on ${view} to hub_rooms;
  `;
}

export const corrections004: RoomMigration = {
  name: '004-visible',
  sql: `
    grant usage, create on schema corrections to hub_views;
    ${visible('corrections.correction', mayRead('corrections'), {
      columns: `id, kind, record, date, area, subject, version, reason, evidence_sha256, proposed_by, proposed_at,
        expires_at, state`,
      values: ['before', 'after'],
      isSeen: mayReadCorrected(),
    })}
    ${visible('corrections.break_glass', mayRead('corrections', { subject: null }), {
      columns: `id, target, area, subject, row_area, reason, evidence_sha256, requested_by, requested_at, expires_at, state`,
      values: ['key', 'changes', 'before'],
      isSeen: mayReadByHand(),
    })}
    revoke create on schema corrections from hub_views;
  `,
};

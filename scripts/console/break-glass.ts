import { Client } from 'pg';
import type { Stage } from '../../gateway/policy/grant.js';
import { STALE } from '../../subgraphs/corrections/migrations/003-apply-break-glass.js';
import { asRefusal } from '../../subgraphs/runtime/session.js';
import { codeOf, Failure } from '../client/failure.js';
import { inPlainWords } from '../serving/plain-words.js';
import { openPlace } from './place.js';
import { recordAtConsole } from './recording.js';

/** The row as it was and as it is. */
export interface AppliedBreakGlass {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/**
 * Changes the row of an approved request as the owner of the tables: snapshot, change and record in one transaction,
 * which stands in the ledger before it is committed. `operator` is who did it, for the record.
 *
 * @throws Failure NOT_FOUND, WRONG_STATE, CORRECTION_STALE, BAD_USER_INPUT, NO_HUB_HERE, DATABASE_UNAVAILABLE
 */
export async function applyBreakGlass(
  home: string,
  stage: Stage,
  id: string,
  operator: string,
): Promise<AppliedBreakGlass> {
  const place = await openPlace(home, { mayPrepare: false });
  const owner = new Client({ connectionString: place.ownerUrl(stage), application_name: 'hub break-glass' });
  try {
    await owner.connect();
    await owner.query('begin');
    const { rows } = await owner.query<{ applied: AppliedBreakGlass }>(
      'select corrections.apply_break_glass($1, $2) as applied',
      [id, operator],
    );
    await recordAtConsole(place, stage, [{ act: 'BREAK_GLASS_APPLIED', object: id }]);
    await owner.query('commit');
    return rows[0]!.applied;
  } catch (error) {
    throw inWords(error);
  } finally {
    // What was not committed is undone with the connection.
    await owner.end().catch(() => undefined);
    await place.close();
  }
}

const REFUSED: Record<string, [code: string, remedy: string]> = {
  P0002: ['NOT_FOUND', 'hub break-glass list shows the requests; check --stage, and that the row is there.'],
  [STALE]: [
    'CORRECTION_STALE',
    'hub break-glass show says what was approved; withdraw it, and ask again for the row as it is now.',
  ],
  '55000': ['WRONG_STATE', 'hub break-glass show says what has happened to the request.'],
};

/** The functions in the database say in a sentence why they refuse. */
function inWords(error: unknown): unknown {
  const [code, remedy] = REFUSED[codeOf(error)] ?? [];
  if (code && remedy !== undefined) {
    const message = `${(error as Error).message.replace(/^./, (first) => first.toUpperCase())}.`;
    return new Failure({ code, message, remedy }, { cause: error });
  }
  const refusal = asRefusal(error);
  return inPlainWords(refusal) ?? refusal;
}

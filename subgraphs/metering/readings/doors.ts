import { text } from 'node:stream/consumers';
import { Refusal } from '../../../gateway/errors.js';
import { json } from '../../runtime/answers.js';
import { breakAtMark } from '../../runtime/breaks.js';
import type { Doors } from '../../runtime/door.js';
import { describedBy } from '../formats/description.js';
import { coverageDoor } from './coverage.js';
import { dayState } from './day-state.js';
import { daySubjects } from './day-subjects.js';
import { exportDay } from './export-day.js';
import { gatesDoor } from './gates.js';
import { ingest } from './ingest.js';
import { arrivalsDoor } from './arrivals.js';
import { lateDaysDoor } from './late-days.js';
import { quarantinedLines, quarantinedSubjects } from './quarantine.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON_TYPE = { 'content-type': 'application/x-ndjson' };

/** Doors for the exchange room: it keeps the batches and packages, this room the readings in them. */
export const readingDoors: Doors = {
  /** Query `batch` and `mark` ({@link breakAtMark}); body and content headers as uploaded. Answers {@link IngestOutcome}. */
  'POST /ingest': {
    requires: ['readings:write'],
    audience: 'inner',
    handle: async ({ query, headers, body }, session) => {
      const { batch, mark } = query;
      if (!batch) throw new Refusal('BAD_USER_INPUT', { message: 'batch: is missing' });
      const whole = mark ? breakAtMark(body, mark) : body;
      const outcome = await ingest(whole, { ...describedBy(headers), batch, now: new Date() }, session);
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify(outcome) };
    },
  },
  /** Query `at`: a snapshot, default now. Answers the blocks as NDJSON, and their snapshot in `hub-snapshot`. */
  'GET /days/:date': {
    requires: ['readings:read'],
    audience: 'inner',
    handle: async ({ params, query, headers }, session) => {
      const at = query['at'] ?? headers['hub-snapshot'];
      const { snapshot, body } = await exportDay(session, params['date'] ?? '', at);
      return { status: 200, headers: { ...NDJSON_TYPE, 'hub-snapshot': snapshot }, body };
    },
  },
  /** Query `since`: a snapshot of an earlier answer. Answers {@link DayState}. */
  'GET /days/:date/state': {
    requires: ['readings:read'],
    audience: 'inner',
    handle: async ({ params, query }, session) => {
      const state = await dayState(session, params['date'] ?? '', query['since']);
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify(state) };
    },
  },
  /** Body: the snapshot `at`, and the meters that the parts of the export `starts` with. Answers {@link SubjectCount}s. */
  'POST /days/:date/subjects': {
    requires: ['readings:read'],
    audience: 'inner',
    handle: async ({ params, body }, session) => {
      const asked = JSON.parse(await text(body)) as { at: string; starts: string[] };
      return json(await daySubjects(session, params['date'] ?? '', asked));
    },
  },
  'POST /late-days': lateDaysDoor,
  'POST /arrivals': arrivalsDoor,
  'POST /coverage/:platform': coverageDoor,
  'POST /gates': gatesDoor,
  /** Answers {@link RejectedLine}s as NDJSON. */
  'GET /quarantine/:batch': {
    requires: ['batches:read'],
    audience: 'inner',
    handle: async ({ params }, session) => {
      const batch = params['batch'] ?? '';
      const disclosed = await quarantinedSubjects(session, batch);
      return { status: 200, headers: NDJSON_TYPE, body: quarantinedLines(session, batch), disclosed };
    },
  },
};

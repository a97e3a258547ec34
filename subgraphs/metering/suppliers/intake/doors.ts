import { Refusal } from '../../../../gateway/errors.js';
import { json } from '../../../runtime/answers.js';
import { breakAtMark } from '../../../runtime/breaks.js';
import type { Doors } from '../../../runtime/door.js';
import { bodyFormatOf } from '../../formats/body-format.js';
import { describedBy } from '../../formats/description.js';
import { formatOf } from '../../readings/format.js';
import { type IngestOutcome, readBody } from '../../readings/ingest.js';
import { UploadSource } from '../../readings/source.js';
import { LineSplitter } from '../../readings/splitter.js';
import { SupplyIntake } from './intake.js';
import { askKnown, storeOf } from './store.js';

/** Takes in what a supplier reports, for the exchange room, which keeps the batch and signs the receipt. */
export const supplyDoors: Doors = {
  /** Query `batch` and `mark`; body and content headers as uploaded. Answers {@link IngestOutcome}. */
  'POST /supplies': {
    requires: ['supplies:write'],
    audience: 'inner',
    handle: async ({ query, headers, body }, session) => {
      const { batch, mark } = query;
      if (!batch) throw new Refusal('BAD_USER_INPUT', { message: 'batch: is missing' });
      const described = describedBy(headers);
      if (bodyFormatOf(described)) {
        throw new Refusal('UNSUPPORTED_MEDIA_TYPE', {
          message: 'Supplies come as NDJSON or CSV, one line a record.',
        });
      }
      const source = new UploadSource(mark ? breakAtMark(body, mark) : body, described.contentEncoding);
      const known = await askKnown(session, new Date());
      const intake = new SupplyIntake(formatOf(described.contentType), known, storeOf(session, batch));
      await readBody(source, new LineSplitter(intake), () => intake.settle());
      await intake.write();
      const { lines, tally } = intake;
      const outcome: IngestOutcome = {
        lines,
        ...tally,
        readings: tally.accepted + tally.unchanged + tally.corrected,
        sha256: source.sha256,
        bytes: source.bytes,
        ...(source.interrupted && { interrupted: source.interrupted }),
      };
      return json(outcome);
    },
  },
};

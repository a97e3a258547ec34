import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { LedgerFault } from '../../gateway/ledger/ledger.js';
import { logFault } from '../../gateway/log.js';

test('a fault is logged with what lay behind it, under the incident id that leaves the hub', async () => {
  const lines = new PassThrough();
  const fault = new LedgerFault('The ledger could not record.', { cause: new Error('permission denied') });

  const incident = logFault(pino(lines), fault, 'graphql');
  lines.end();

  expect(JSON.parse(await text(lines))).toMatchObject({
    event: 'fault',
    incident,
    message: 'The ledger could not record.',
    cause: 'permission denied',
  });
});

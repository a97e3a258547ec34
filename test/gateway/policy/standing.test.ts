import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import {
  ACT_OF_FIELD,
  ALL_ACTS,
  CERTIFICATE_STATES,
  certificateState,
  standingRefusal,
  TENANT_STATES,
} from '../../../gateway/policy/standing.js';

describe('the table of standings', () => {
  test('lets nobody do anything with a certificate that is not good', () => {
    const cells = TENANT_STATES.flatMap((tenant) =>
      CERTIFICATE_STATES.flatMap((certificate) =>
        ALL_ACTS.map((act) => ({ certificate, refusal: standingRefusal(tenant, certificate, act) })),
      ),
    );
    expect(cells.filter(({ certificate, refusal }) => certificate !== 'ACTIVE' && !refusal)).toEqual([]);
    expect(cells).toHaveLength(144);
  });

  test('gives a tenant that is not active no data, no new certificate and no say, but leaves it its duties', () => {
    for (const tenant of ['SUSPENDED', 'CLOSED'] as const) {
      const passed = ALL_ACTS.filter((act) => standingRefusal(tenant, 'ACTIVE', act) === null);
      expect(passed).toEqual(['CONNECT', 'ERASE', 'RETIRE']);
    }
    expect(ALL_ACTS.filter((act) => standingRefusal('ACTIVE', 'ACTIVE', act) !== null)).toEqual([]);
  });

  test('names fields that the schema has', () => {
    const schema = buildASTSchema(parse(readFileSync('schema/api.graphql', 'utf8')), { assumeValid: true });
    const missing = Object.keys(ACT_OF_FIELD).filter((place) => {
      const [type = '', field = ''] = place.split('.');
      const root = type === 'Query' ? schema.getQueryType() : schema.getMutationType();
      return !root?.getFields()[field];
    });
    expect(missing).toEqual([]);
  });

  test('is the one that decision record 0012 prints, row for row', () => {
    const record = readFileSync('docs/decisions/0012-certificates-in-use.md', 'utf8');
    const rows = record
      .slice(record.indexOf('<!-- table: standing -->'))
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim().replaceAll('`', '')),
      );
    const [head, , ...body] = rows;

    expect(head).toEqual(['Tenant', 'Certificate', ...ALL_ACTS]);
    expect(body).toEqual(
      TENANT_STATES.flatMap((tenant) =>
        CERTIFICATE_STATES.map((certificate) => [
          tenant,
          certificate,
          ...ALL_ACTS.map((act) => standingRefusal(tenant, certificate, act) ?? 'yes'),
        ]),
      ),
    );
  });
});

test('a certificate’s state is what is for ever first, then its dates, then what is for a time', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const [past, soon, later] = ['2026-05-01T00:00:00Z', '2026-06-02T00:00:00Z', '2026-07-01T00:00:00Z'];
  const state = (status: string, notBefore: string, notAfter: string) =>
    certificateState({ status, notBefore, notAfter }, now);

  expect(state('REVOKED', soon, later)).toBe('REVOKED');
  expect(state('SUSPENDED', past, past)).toBe('EXPIRED');
  expect(state('SUSPENDED', soon, later)).toBe('NOT_YET_VALID');
  expect(state('SUSPENDED', past, later)).toBe('SUSPENDED');
  expect(state('ACTIVE', past, later)).toBe('ACTIVE');
  expect(state('ACTIVE', past, now.toISOString())).toBe('EXPIRED');
});

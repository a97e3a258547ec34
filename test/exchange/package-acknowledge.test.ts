import { verifySigned } from '../../scripts/client/signature.js';
import type { GraphqlReply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { daily, manifestOf, type Manifest, type Package } from './packages.js';
import { authorities, day, meters, upload } from './sample.js';

const ACKNOWLEDGE = `mutation ($id: ID!, $manifestSha256: String!, $parts: [PartHashInput!]!) {
  acknowledgePackage(id: $id, manifestSha256: $manifestSha256, parts: $parts) { package acknowledgedAt receipt signature } }`;

interface Receipt {
  package: string;
  acknowledgedAt: string;
  receipt: string;
  signature: string;
}

let world: World;
let found: Package;
let manifest: Manifest;
beforeAll(async () => {
  world = await openWorld();
  await meters(world);
  await upload(world, day('m1', '2026-01-01'));
  found = await daily(world.as('national'), '2026-01-01');
  ({ manifest } = await manifestOf(world.as('national'), found));
}, 120_000);
afterAll(() => world.close());

interface Claim {
  id?: string;
  manifestSha256?: string;
  parts?: { number: number; sha256: string }[];
}
const hashes = (): { number: number; sha256: string }[] =>
  manifest.parts.map(({ number, sha256 }) => ({ number, sha256 }));
const acknowledge = (claim: Claim = {}, tenant = 'national'): Promise<GraphqlReply> =>
  world
    .as(tenant)
    .ask(ACKNOWLEDGE, { id: found.id, manifestSha256: found.manifestSha256, parts: hashes(), ...claim });
const receiptOf = ({ data, errors }: GraphqlReply): Receipt => {
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.['acknowledgePackage'] as Receipt;
};
const WRONG = '0'.repeat(64);

const CLAIMS: [what: string, claim: () => Claim][] = [
  ['another hash of the manifest', () => ({ manifestSha256: WRONG })],
  ['another hash of a part', () => ({ parts: [{ number: 1, sha256: WRONG }] })],
  ['no part', () => ({ parts: [] })],
  ['a part too many', () => ({ parts: [...hashes(), { number: 2, sha256: WRONG }] })],
  ['a part twice', () => ({ parts: [...hashes(), ...hashes()] })],
  [
    'the right hash under another number',
    () => ({ parts: hashes().map(({ sha256 }) => ({ number: 7, sha256 })) }),
  ],
];

test.each(CLAIMS)('with %s a package is not acknowledged', async (_what, claim) => {
  const { data, errors } = await acknowledge(claim());

  expect(data).toEqual({ acknowledgePackage: null });
  expect(errors).toMatchObject([{ extensions: { code: 'PACKAGE_HASH_MISMATCH' } }]);
  expect((await daily(world.as('national'), '2026-01-01')).acknowledgedAt).toBeNull();
});

test('a package of another, or none, is not found', async () => {
  for (const answer of [await acknowledge({}, 'district-310101'), await acknowledge({ id: 'pkg_none' })]) {
    expect(answer.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  }
});

test('with the right hashes it is, once and for all: a signed receipt, and the same again', async () => {
  const [first, ...others] = (await Promise.all(Array.from({ length: 6 }, () => acknowledge()))).map(
    receiptOf,
  );

  for (const other of others) expect(other).toEqual(first);
  expect(receiptOf(await acknowledge())).toEqual(first);
  const { receipt = '', signature } = first ?? {};
  expect(JSON.parse(receipt)).toMatchObject({
    format: 'hub-package-receipt/1',
    package: found.id,
    recipient: 'national',
    manifestSha256: found.manifestSha256,
    parts: hashes(),
  });
  await expect(verifySigned(Buffer.from(receipt), signature, authorities(world))).resolves.toBeDefined();
  expect((await daily(world.as('national'), '2026-01-01')).acknowledgedAt).toBe(first?.acknowledgedAt);
});

test.each(CLAIMS)('with %s it is refused though it was acknowledged before', async (_what, claim) => {
  expect((await acknowledge(claim())).errors).toMatchObject([
    { extensions: { code: 'PACKAGE_HASH_MISMATCH' } },
  ]);
});

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { leafHash } from '../../gateway/ledger/hash.js';
import { rootOfInclusion } from '../../gateway/ledger/tree.js';
import { HASH } from './anchors.js';
import { asInclusionFile, type Finding, verifyProof } from './proof-file.js';

const FORMAT = 'hub-disclosures/1';

/** What stands in the listing and in the details alike. */
const TOLD = z.object({
  subject: z.string(),
  area: z.string(),
  category: z.string(),
  values: z.int().min(0),
  consents: z.array(z.string()),
  recipient: z.string(),
  purpose: z.string(),
  operation: z.string(),
  object: z.string().nullable(),
  request: z.string(),
});

const DISCLOSURE = TOLD.extend({
  sequence: z.int().min(1),
  at: z.iso.datetime(),
  proof: z.object({
    details: z.string(),
    place: z.int().min(0),
    count: z.int().min(1),
    innerPath: z.array(HASH).max(64),
    entry: z.string(),
    inclusion: z.looseObject({ sequence: z.int() }),
  }),
});

const DETAILS = TOLD.extend({
  format: z.literal('hub-disclosure/1'),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
});

const ENTRY = z.object({
  event: z.literal('DISCLOSURE'),
  at: z.string(),
  tenant: z.string(),
  request: z.string(),
  purpose: z.string(),
  operation: z.string(),
  object: z.string().nullable(),
  count: z.int(),
  root: HASH,
});

const FILE = z.object({ format: z.literal(FORMAT), disclosures: z.array(DISCLOSURE) });

export type DisclosureRow = z.output<typeof DISCLOSURE>;

/** A listing as it is kept, to be verified by anybody at any time. */
export const asDisclosureFile = (disclosures: readonly DisclosureRow[]): object => ({
  format: FORMAT,
  disclosures,
});

/** Undefined when the content is no listing. */
export function readDisclosures(content: unknown): DisclosureRow[] | undefined {
  const read = FILE.safeParse(content);
  return read.success ? read.data.disclosures : undefined;
}

/**
 * Verifies one disclosure without asking anybody: what the listing says is what was committed to, the commitment is in
 * the entry, the entry in the ledger, and the ledger's root is signed by the hub.
 *
 * @throws Failure SIGNATURE_INVALID
 */
export async function verifyDisclosure(
  { proof, at, sequence, ...said }: DisclosureRow,
  ca: string,
): Promise<Finding> {
  const { details, place, count, innerPath, entry, inclusion } = proof;
  const [told, facts] = [DETAILS.safeParse(parsed(details)), ENTRY.safeParse(parsed(entry))];
  if (!told.success) return doubt('What was committed to is no disclosure.');
  if (!facts.success) return doubt('The entry is none of a disclosure.');
  const { format: _, salt: __, ...committed } = told.data;
  if (!isDeepStrictEqual(said, committed))
    return doubt('The listing says something else than was committed to.');
  const {
    root,
    tenant: recipient,
    at: recorded,
    count: held,
    request,
    purpose,
    operation,
    object,
  } = facts.data;
  if (recorded !== at || inclusion.sequence !== sequence)
    return doubt('The listing names another entry or time.');
  if (!isDeepStrictEqual({ ...committed, request, recipient, purpose, operation, object }, committed)) {
    return doubt('The entry is of another answer than the commitment.');
  }
  const leaf = leafHash(details);
  const reached = rootOfInclusion(
    { leaf, index: place, size: count },
    innerPath.map((hash) => Buffer.from(hash, 'hex')),
  );
  if (held !== count || reached?.toString('hex') !== root)
    return doubt('The commitment is not in the entry.');
  const content = { ...asInclusionFile(inclusion as never), facts: entry };
  const finding = await verifyProof(content, { ca, given: [] });
  if (!finding?.holds) return doubt(finding?.says ?? 'There is no proof that the entry is in the ledger.');
  return { holds: true, says: `Entry ${sequence} of the ledger holds it.` };
}

function doubt(says: string): Finding {
  return { holds: false, says };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

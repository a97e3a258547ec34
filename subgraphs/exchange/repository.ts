import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import type { Page } from '../runtime/lists.js';
import { inOrder, page } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { Batch, Package, PackageReceipt } from './entities.js';
import type { AcknowledgementArguments, BatchesArguments, PackagesArguments } from './inputs.js';
import { buildPackage } from './packages/order.js';

export class BatchRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Batch | null>(async (ids) => {
    const rows = await this.#session.em.find(Batch, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (batch) => batch.id);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list({ state, uploader, ...request }: BatchesArguments): Promise<Page<Batch>> {
    return page(this.#session, Batch, request, { by: ['startedAt', 'id'], descending: true }, [
      { property: 'state', is: '=', value: state },
      { property: 'tenant', is: '=', value: uploader },
    ]);
  }
}

export class PackageRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, Package | null>(async (ids) => {
    const rows = await this.#session.em.find(Package, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (row) => row.id);
  });
  readonly receiptOf = new DataLoader<string, PackageReceipt | null>(async (ids) => {
    const rows = await this.#session.em.find(PackageReceipt, { package: { $in: [...ids] } });
    return inOrder(ids, rows, (receipt) => receipt.package);
  });

  constructor(session: Session) {
    this.#session = session;
  }

  list({ date, ...request }: PackagesArguments): Promise<Page<Package>> {
    return page(this.#session, Package, request, { by: ['date', 'id'], descending: true }, [
      { property: 'date', is: '=', value: date },
    ]);
  }

  /** The day's package at its latest revision, built now where the data has moved on. */
  async daily(date: string): Promise<Package | null> {
    return this.byId.load(await buildPackage(this.#session.neighbours, date));
  }

  /**
   * Records that the recipient has the package whole. Doing it again gives the same receipt.
   *
   * @throws Refusal PACKAGE_HASH_MISMATCH naming the part; NOT_FOUND
   */
  async acknowledge({ id, manifestSha256, parts }: AcknowledgementArguments): Promise<PackageReceipt> {
    const found = await this.byId.load(id);
    if (!found) throw new Refusal('NOT_FOUND', { message: `No package ${id} for you.` });
    if (manifestSha256 !== found.manifestSha256) {
      throw new Refusal('PACKAGE_HASH_MISMATCH', { message: 'The hash of the manifest does not match.' });
    }
    await this.#mustMatch(found, parts);
    return (await this.receiptOf.load(id)) ?? (await this.#record(found, parts));
  }

  async #record(found: Package, parts: AcknowledgementArguments['parts']): Promise<PackageReceipt> {
    const { id, manifestSha256 } = found;
    const acknowledgedAt = new Date().toISOString();
    const receipt = JSON.stringify({
      format: 'hub-package-receipt/1',
      package: id,
      recipient: found.tenant,
      date: found.date,
      revision: found.revision,
      manifestSha256,
      parts,
      acknowledgedAt,
      checkpoint: this.#session.grant.checkpoint,
    });
    const signature = await this.#session.sign(receipt);
    const [recorded] = await this.#session.entities(
      PackageReceipt,
      `insert into exchange.acknowledgement (package, tenant, acknowledged_at, receipt, signature)
       values ($1, $2, $3, $4, $5) on conflict (package) do nothing returning *`,
      [id, found.tenant, acknowledgedAt, receipt, signature],
    );
    if (recorded) return recorded;
    // Another request was faster: its receipt is the one.
    const theirs = await this.receiptOf.clear(id).load(id);
    if (!theirs) throw new Error('an acknowledgement was not recorded');
    return theirs;
  }

  async #mustMatch({ id }: Package, claimed: AcknowledgementArguments['parts']): Promise<void> {
    const actual = await this.#session.rows<{ number: number; sha256: string }>(
      'select number, sha256 from exchange.package_part where package = $1 order by number',
      [id],
    );
    const hashes = new Map(claimed.map(({ number, sha256 }) => [number, sha256]));
    const wrong = actual.find(({ number, sha256 }) => hashes.get(number) !== sha256);
    if (wrong)
      throw new Refusal('PACKAGE_HASH_MISMATCH', {
        message: `Part ${wrong.number} is missing or its hash differs.`,
      });
    if (claimed.length !== actual.length) {
      throw new Refusal('PACKAGE_HASH_MISMATCH', {
        message: `The package has ${actual.length} parts, not ${claimed.length}.`,
      });
    }
  }
}

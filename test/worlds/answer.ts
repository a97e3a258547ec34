import type { GraphqlReply } from '../world/caller.js';
import type { Arranged } from './arrange.js';
import type { PolicyWorld, QuestionAsked, Told } from './model.js';
import { dayText, refusalText, rowsText } from './words.js';

interface Day {
  intervalMinutes: number;
  values: (string | null)[];
  total: string;
}

interface Node {
  id: string;
  uscc?: string;
  buildings?: { nodes: Node[] } | null;
  meters?: { nodes: Node[] } | null;
  inspections?: { nodes: Node[] } | null;
  documents?: { nodes: { name: string }[] };
  findings?: { nodes: { description: string }[] };
  earlierRegistrations?: Earlier;
  owner?: { uscc: string; name: string } | null;
  building?: { id: string; name: string } | null;
  days?: { nodes: Day[] } | null;
}

interface Earlier {
  nodes: { values: { field: string; value: string }[] }[];
}

interface Package {
  id: string;
  acknowledgedAt: string | null;
}

interface Rows<Row> {
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; endCursor?: string };
}

interface Edges extends Rows<never> {
  edges: { cursor: string; node: Day }[];
}

export type List = Rows<{ id: string }>;

/** What a question left behind: its batch, and its package with the purpose that this was made for. */
export interface Left {
  question: QuestionAsked;
  batch: string | undefined;
  package: { id: string; purpose: string } | undefined;
}

type ErrorReply = NonNullable<GraphqlReply['errors']>[number];

/** One answer of GraphQL in the words of the oracle. */
export class Answer {
  readonly question: QuestionAsked;
  readonly told: Told;
  readonly #data: Record<string, unknown>;
  readonly #errors: ErrorReply[];
  readonly #arranged: Arranged;

  constructor({ data, errors = [] }: GraphqlReply, question: QuestionAsked, told: Told, arranged: Arranged) {
    this.question = question;
    this.told = told;
    this.#data = data!;
    this.#errors = errors;
    this.#arranged = arranged;
  }

  get world(): PolicyWorld {
    return this.#arranged.world;
  }

  /** What the world calls something; what was recorded meanwhile, to see whether it can be, has no name. */
  readonly named = (id: string): string | undefined => this.#arranged.names.get(id);

  tellSubjectData(): void {
    const idOf = ({ id }: Node): string => id;
    const nameOf = ({ id }: Node): string | undefined => this.named(id);
    this.list<Node>('enterprises', ({ uscc }) => uscc!);
    for (const field of ['buildings', 'meters']) this.list<Node>(field, idOf);
    for (const field of ['audits', 'reviews']) this.list<Node>(field, nameOf);
    this.list<Node>('inspections', inspectionText(nameOf));
    // A day does not say whose it is where its meter is withheld; where the page goes on from it does.
    const days = this.value<Edges>('readings');
    if (days?.pageInfo.hasNextPage) throw new Error('the worlds are too large for one page of readings');
    const texts = days?.edges.map(({ cursor, node }) => graphqlDayText(meterIn(cursor), node));
    this.told['readings'] = texts ? rowsText(texts) : this.refusalAt('readings');
    const ids = (list: { nodes: Node[] } | null | undefined): string | undefined =>
      list ? rowsText(list.nodes.map(({ id }) => id)) : undefined;
    const inspected = (list: { nodes: Node[] } | null | undefined): string | undefined =>
      list ? rowsText(list.nodes.flatMap((node) => nameOf(node) ?? [])) : undefined;
    for (const { uscc, buildings, inspections, earlierRegistrations: earlier } of this.nodes<Node>(
      'enterprises',
    )) {
      // prettier-ignore
      this.told[`earlier areas of enterprise ${uscc}`] = earlierText(earlier, 'area');
      this.told[`buildings of enterprise ${uscc}`] = this.beside('Enterprise.buildings', ids(buildings));
      this.told[`inspections of enterprise ${uscc}`] = this.beside('Enterprise.inspections', inspected(inspections)); // prettier-ignore
    }
    for (const { id, owner, meters, earlierRegistrations: earlier } of this.nodes<Node>('buildings')) {
      this.told[`earlier owners of building ${id}`] = earlierText(earlier, 'ownerUscc');
      this.told[`owner of building ${id}`] = this.beside('Building.owner', owner?.uscc);
      this.told[`meters of building ${id}`] = this.beside('Building.meters', ids(meters));
    }
    for (const { id, owner, building, days } of this.nodes<Node>('meters')) {
      this.told[`owner of meter ${id}`] = this.beside('Meter.owner', owner?.uscc);
      if (this.#arranged.world.meters.find((meter) => meter.id === id)?.building)
        this.told[`building of meter ${id}`] = this.beside('Meter.building', building?.id);
      const [day] = days?.nodes ?? [];
      this.told[`readings of meter ${id}`] = this.beside('Meter.days', day && graphqlDayText(id, day));
    }
    for (const { id, building } of this.nodes<Node>('audits')) {
      const name = this.named(id);
      if (name) this.told[`building of audit ${name}`] = this.beside('EnergyAudit.building', building?.id);
    }
  }

  tellOwnRecords(askings: readonly Left[]): void {
    const { world } = this.#arranged;
    const batches = new Map(askings.map(({ batch, question }) => [batch, question.uploadDay]));
    const packages = new Map(
      askings.map((one) => [one.package?.id, `${one.question.tenant} ${one.package?.purpose}`]),
    );
    const scopes = new Map(world.scopes.map(({ id }) => [id, id]));
    this.list<Package>('packages', ({ id, acknowledgedAt }) => `${packages.get(id)}${acknowledgedAt ? ' acknowledged' : ''}`); // prettier-ignore
    // What belongs to the loader has no name here.
    for (const [category, names] of Object.entries({ batches, scopes })) {
      const known: Map<string | undefined, string> = names;
      this.list<Node>(category, ({ id }) => known.get(id));
    }
  }

  /** A whole list; a row without a text is not among those compared. */
  list<Row>(field: string, textOf: (row: Row) => string | undefined, line = field): void {
    const list = this.value<Rows<Row>>(field);
    if (list?.pageInfo.hasNextPage) throw new Error(`the worlds are too large for one page of ${field}`);
    this.told[line] = list ? rowsText(list.nodes.flatMap((row) => textOf(row) ?? [])) : this.refusalAt(field);
  }

  nodes<Row>(field: string): Row[] {
    return this.value<Rows<Row>>(field)?.nodes ?? [];
  }

  value<Value>(field: string): Value | null {
    return this.#data[field] as Value | null;
  }

  refusalAt(...place: (string | number)[]): string {
    const isThere = ({ path }: ErrorReply): boolean => place.every((step, depth) => path?.[depth] === step);
    return refusalText({ errors: this.#errors.filter(isThere) });
  }

  /** What stands beside a row; where it is withheld one error says so for all places of the field. */
  beside(field: string, found: string | undefined): string {
    if (found !== undefined) return found;
    const withheld = this.#errors.filter(
      ({ extensions }) => (extensions as { field?: string }).field === field,
    );
    return withheld.length > 0 ? refusalText({ errors: withheld }) : 'nothing';
  }
}

function inspectionText(nameOf: (node: Node) => string | undefined) {
  return (node: Node): string | undefined => {
    const papers = [...node.documents!.nodes.map(({ name }) => name), ...node.findings!.nodes.map(({ description }) => description)]; // prettier-ignore
    const name = nameOf(node);
    return name && `${name} with ${papers.join(' and ')}`;
  };
}

/** Of what was registered before the values of one field: a registration that changes others adds a version, too. */
function earlierText(earlier: Earlier | undefined, wanted: string): string {
  const values = earlier!.nodes.flatMap((node) => node.values.filter(({ field }) => field === wanted));
  return rowsText(values.map(({ value }) => value));
}

function meterIn(cursor: string): string {
  const values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
  return String(values.at(-1));
}

function graphqlDayText(meter: string, { intervalMinutes, values, total }: Day): string {
  return dayText(meter, intervalMinutes, values, total);
}

import type { GraphqlReply } from '../world/caller.js';
import type { Arranged } from './arrange.js';
import { CORRECTIONS, correctionText } from './corrections.js';
import type { QuestionAsked, Told } from './model.js';
import { dayText, refusalText, rowsText } from './words.js';

/** All that a caller can list, with what stands beside it. */
export const QUERY = `query ($day: LocalDate!) {
  enterprises(first: 500) {
    nodes { uscc buildings(first: 50) { nodes { id } } inspections(first: 50) { nodes { id } } }
    pageInfo { hasNextPage }
  }
  buildings(first: 500) {
    nodes { id owner { uscc name } meters(first: 50) { nodes { id } } }
    pageInfo { hasNextPage }
  }
  meters(first: 500) {
    nodes {
      id owner { uscc name } building { id name }
      days(first: 2, from: $day, to: $day) { nodes { intervalMinutes values total } }
    }
    pageInfo { hasNextPage }
  }
  readings: meterDays(first: 500, from: $day, to: $day) {
    edges { cursor node { intervalMinutes values total } } pageInfo { hasNextPage }
  }
  audits: energyAudits(first: 500) { nodes { id building { id name } } pageInfo { hasNextPage } }
  reviews: meteringReviews(first: 500) { nodes { id } pageInfo { hasNextPage } }
  inspections(first: 500) { nodes { id } pageInfo { hasNextPage } }
  batches(first: 500) { nodes { id } pageInfo { hasNextPage } }
  packages(first: 500) { nodes { id } pageInfo { hasNextPage } }
  tenants(first: 500) { nodes { id } pageInfo { hasNextPage } }
  scopes(first: 500) { nodes { id } pageInfo { hasNextPage endCursor } }
  consents(first: 500) { nodes { id } pageInfo { hasNextPage } }
  purposes: purposeDeclarations(first: 500) { nodes { id } pageInfo { hasNextPage } }
  ${CORRECTIONS}
  consumption(energyItem: "01000", from: $day, to: $day) { total meters }
}`;

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
  owner?: { uscc: string; name: string } | null;
  building?: { id: string; name: string } | null;
  days?: { nodes: Day[] } | null;
}

export interface List {
  nodes: Node[];
  edges: { cursor: string; node: Day }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string };
}

/** What a question left behind: its batch, and its package with the purpose that this was made for. */
export interface Left {
  question: QuestionAsked;
  batch: string | undefined;
  package: { id: string; purpose: string } | undefined;
}

type ErrorReply = NonNullable<GraphqlReply['errors']>[number];

/** One answer of GraphQL in the words of the oracle. */
export class Answer {
  readonly #data: Record<string, List | null>;
  readonly #errors: ErrorReply[];
  readonly #told: Told;
  readonly #arranged: Arranged;

  constructor({ data, errors = [] }: GraphqlReply, told: Told, arranged: Arranged) {
    this.#data = data as Record<string, List | null>;
    this.#errors = errors;
    this.#told = told;
    this.#arranged = arranged;
  }

  tellSubjectData(): void {
    const { names } = this.#arranged;
    // What was recorded meanwhile, to see whether it can be, has no name here.
    const named = (ids: string[]): string[] => ids.flatMap((id) => names.get(id) ?? []);
    this.#list('enterprises', ({ nodes }) => nodes.map(({ uscc }) => uscc!));
    this.#list('buildings', ({ nodes }) => nodes.map(({ id }) => id));
    this.#list('meters', ({ nodes }) => nodes.map(({ id }) => id));
    this.#list('audits', ({ nodes }) => named(nodes.map(({ id }) => id)));
    this.#list('reviews', ({ nodes }) => named(nodes.map(({ id }) => id)));
    this.#list('inspections', ({ nodes }) => named(nodes.map(({ id }) => id)));
    // A day does not say whose it is where its meter is withheld; where the page goes on from it does.
    this.#list('readings', ({ edges }) =>
      edges.map(({ cursor, node }) => graphqlDayText(meterIn(cursor), node)),
    );
    for (const field of ['corrections', 'changesByHand'])
      this.#list(field, ({ nodes }) => nodes.map(correctionText));
    const ids = (list: { nodes: Node[] } | null | undefined): string | undefined =>
      list ? rowsText(list.nodes.map(({ id }) => id)) : undefined;
    const inspected = (list: { nodes: Node[] } | null | undefined): string | undefined =>
      list ? rowsText(named(list.nodes.map(({ id }) => id))) : undefined;
    for (const { uscc, buildings, inspections } of this.#data['enterprises']?.nodes ?? []) {
      this.#told[`buildings of enterprise ${uscc}`] = this.#beside('Enterprise.buildings', ids(buildings));
      this.#told[`inspections of enterprise ${uscc}`] = this.#beside('Enterprise.inspections', inspected(inspections)); // prettier-ignore
    }
    for (const { id, owner, meters } of this.#data['buildings']?.nodes ?? []) {
      this.#told[`owner of building ${id}`] = this.#beside('Building.owner', owner?.uscc);
      this.#told[`meters of building ${id}`] = this.#beside('Building.meters', ids(meters));
    }
    for (const { id, owner, building, days } of this.#data['meters']?.nodes ?? []) {
      this.#told[`owner of meter ${id}`] = this.#beside('Meter.owner', owner?.uscc);
      if (this.#arranged.world.meters.find((meter) => meter.id === id)?.building)
        this.#told[`building of meter ${id}`] = this.#beside('Meter.building', building?.id);
      const [day] = days?.nodes ?? [];
      this.#told[`readings of meter ${id}`] = this.#beside('Meter.days', day && graphqlDayText(id, day));
    }
    for (const { id, building } of this.#data['audits']?.nodes ?? []) {
      const name = names.get(id);
      if (name) this.#told[`building of audit ${name}`] = this.#beside('EnergyAudit.building', building?.id);
    }
  }

  tellOwnRecords(askings: readonly Left[]): void {
    const { world } = this.#arranged;
    const batches = new Map(askings.map(({ batch, question }) => [batch, question.uploadDay]));
    const packages = new Map(
      askings.map((one) => [one.package?.id, `${one.question.tenant} ${one.package?.purpose}`]),
    );
    const tenants = new Map(world.tenants.map(({ id }) => [id, id]));
    const scopes = new Map(world.scopes.map(({ id }) => [id, id]));
    const consents = new Map(world.consents.map(({ id }) => [id, id]));
    const purposes = new Map(world.declarations.map(({ id }) => [id, id]));
    // What belongs to the loader has no name here.
    for (const [category, names] of Object.entries({
      batches,
      packages,
      tenants,
      purposes,
      scopes,
      consents,
    })) {
      const known: Map<string | undefined, string> = names;
      this.#list(category, ({ nodes }) => nodes.flatMap(({ id }) => known.get(id) ?? []));
    }
  }

  tellConsumption(): void {
    const sum = this.#data['consumption'] as unknown as { total: string; meters: number } | null;
    this.#told['consumption'] = sum ? `${sum.total} of ${sum.meters} meters` : this.#refusalAt('consumption');
  }

  #list(field: string, ids: (list: List) => string[]): void {
    const list = this.#data[field];
    if (list?.pageInfo.hasNextPage) throw new Error(`the worlds are too large for one page of ${field}`);
    this.#told[field] = list ? rowsText(ids(list)) : this.#refusalAt(field);
  }

  #refusalAt(field: string): string {
    return refusalText({ errors: this.#errors.filter(({ path }) => path?.[0] === field) });
  }

  /** What stands beside a row; where it is withheld one error says so for all places of the field. */
  #beside(field: string, found: string | undefined): string {
    if (found !== undefined) return found;
    const withheld = this.#errors.filter(
      ({ extensions }) => (extensions as { field?: string }).field === field,
    );
    return withheld.length > 0 ? refusalText({ errors: withheld }) : 'nothing';
  }
}

function meterIn(cursor: string): string {
  const values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
  return String(values.at(-1));
}

function graphqlDayText(meter: string, { intervalMinutes, values, total }: Day): string {
  return dayText(meter, intervalMinutes, values, total);
}

import { gunzipSync } from 'node:zlib';
import type { Pool } from 'pg';
import type { Caller, GraphqlReply } from '../world/caller.js';
import {
  type Arranged,
  auditInput,
  buildingInput,
  inspectionInput,
  meterInput,
  reviewInput,
} from './arrange.js';
import { type QuestionAsked, READING_DAY, type Told, type WrittenCategory } from './model.js';
import { dayText, rowsText } from './words.js';

/** Asks one question at every door, in three steps: each leaves behind what the next one looks at. */
export class Asking {
  readonly question: QuestionAsked;
  readonly told: Told = {};
  /** What it left: its batch, and its package with the purpose that this was made for. */
  batch: string | undefined;
  package: { id: string; purpose: string } | undefined;
  readonly #arranged: Arranged;
  readonly #caller: Caller;

  constructor(arranged: Arranged, question: QuestionAsked) {
    const { caller } = arranged.seats.get(question.tenant)!;
    this.question = question;
    this.#arranged = arranged;
    this.#caller = question.header === null ? caller : caller.for(question.header);
  }

  /** Reports a day of readings. Nothing is asked further where the whole request is refused. */
  async upload(owner: Pool): Promise<void> {
    const { uploads, uploadDay } = this.question;
    const lines = uploads.map((meter) => ({ meter, date: uploadDay, interval: 1440, values: [1] }));
    const reply = await this.#caller.upload(lines);
    if (reply.status !== 200) {
      this.told['upload'] = refusalText(reply.json as GraphqlReply);
      return;
    }
    this.batch = String(reply.json['batch']);
    const stored = await owner.query<{ meter: string }>(
      'select meter from metering.day_block where batch = $1',
      [this.batch],
    );
    const kept = await owner.query<{ meter: string; reason: string }>(
      `select convert_from(content, 'UTF8')::jsonb ->> 'meter' as meter, reason from metering.quarantined_line where batch = $1`,
      [this.batch],
    );
    const fates = [
      ...stored.rows.map(({ meter }) => `${meter} stored`),
      ...kept.rows.map(({ meter, reason }) => `${meter} ${reason}`),
    ];
    const { accepted, quarantined } = reply.json;
    if (accepted !== stored.rows.length || quarantined !== kept.rows.length)
      fates.push(`but the receipt says ${String(accepted)} and ${String(quarantined)}`);
    this.told['upload'] = rowsText(fates);
  }

  /** Fetches the day's package, part by part. */
  async download(): Promise<void> {
    const answer = await this.#caller.ask(
      'query ($day: LocalDate!) { dailyPackage(date: $day) { id manifestUrl } me { purpose } }',
      { day: READING_DAY },
    );
    const found = answer.data?.['dailyPackage'] as { id: string; manifestUrl: string } | null | undefined;
    const [day, missing] = [`package of ${READING_DAY}`, 'missing in the package'];
    if (!found) {
      this.told[day] = this.told[missing] = refusalText(answer);
      return;
    }
    const me = answer.data?.['me'] as { purpose: string } | undefined;
    this.package = { id: found.id, purpose: me?.purpose ?? 'none' };
    const manifest = await this.#fetched<Manifest>(found.manifestUrl);
    if ('refused' in manifest) {
      this.told[day] = this.told[missing] = manifest.refused;
      return;
    }
    const days: string[] = [];
    for (const { number } of manifest.parts) {
      const { body } = await this.#caller.send('GET', `/packages/${found.id}/parts/${number}`);
      for (const line of gunzipSync(body).toString('utf8').trimEnd().split('\n')) days.push(blockText(line));
    }
    if (days.length !== manifest.blocks) days.push(`but the manifest says ${manifest.blocks}`);
    this.told[day] = rowsText(days);
    this.told[missing] = rowsText(manifest.missing.map(({ meter, reason }) => `${meter} ${reason}`));
  }

  async #fetched<Body>(path: string): Promise<Body | { refused: string }> {
    const { status, body } = await this.#caller.send('GET', path);
    const json = JSON.parse(body.toString('utf8')) as Body & GraphqlReply;
    return status === 200 ? json : { refused: refusalText(json) };
  }

  /** Everything else, when all batches and packages are there. */
  async query(others: Asking[]): Promise<void> {
    const { question } = this;
    await this.#packageOfAnother(others);
    const answer = await this.#caller.ask(QUERY, { day: READING_DAY });
    if (!answer.data) {
      this.told['query'] = refusalText(answer);
      return;
    }
    await this.#completeScopes(answer.data['scopes'] as List | null);
    const reading = new Answer(answer, this.told, this.#arranged);
    reading.tellSubjectData();
    reading.tellOwnRecords(others);
    reading.tellConsumption();
    await this.#byId(question.ids);
    await this.#decisions(question.decisions);
    for (const { batch, question: other } of others)
      if (batch && question.batches.includes(other.uploadDay))
        this.told[`quarantine of ${other.uploadDay}`] = await this.#quarantine(batch);
    for (const { category, id } of question.writes)
      this.told[`write ${category} ${id}`] = await this.#write(category, id);
  }

  /** Of scopes there are more than one page holds. */
  async #completeScopes(list: List | null): Promise<void> {
    const query = 'query ($after: String) { scopes(first: 500, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }'; // prettier-ignore
    while (list?.pageInfo.hasNextPage) {
      const { scopes } = await this.#caller.mustAsk<{ scopes: List }>(query, { after: list.pageInfo.endCursor }); // prettier-ignore
      list.nodes.push(...scopes.nodes);
      list.pageInfo = scopes.pageInfo;
    }
  }

  async #byId(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const fields = ids.map((id, index) => `n${index}: node(id: ${JSON.stringify(id)}) { id }`);
    const nodes = await this.#caller.mustAsk<Record<string, { id: string } | null>>(
      `{ ${fields.join(' ')} }`,
    );
    ids.forEach((id, index) => {
      const node = nodes[`n${index}`];
      this.told[`by id ${id}`] = node?.id === id ? 'seen' : 'not seen';
    });
  }

  async #decisions(permissions: string[]): Promise<void> {
    if (permissions.length === 0) return;
    const fields = permissions.map((permission, index) => {
      const [category, action] = permission.split(':');
      return `d${index}: accessDecision(category: "${category}", action: "${action}") { allowed rule code }`;
    });
    const decisions = await this.#caller.mustAsk<
      Record<string, { allowed: boolean; rule: string; code: string | null }>
    >(`{ ${fields.join(' ')} }`);
    permissions.forEach((permission, index) => {
      const { allowed, rule, code } = decisions[`d${index}`]!;
      this.told[`decision ${permission}`] = allowed ? `allowed ${rule}` : `refused ${code} ${rule}`;
    });
  }

  async #packageOfAnother(others: Asking[]): Promise<void> {
    const another = others.find((one) => one.package && one.question.tenant !== this.question.tenant);
    const id = another?.package?.id ?? 'pkg_00000000000000000000000000';
    const manifest = await this.#fetched<Manifest>(`/packages/${id}/manifest`);
    this.told['the package of another'] = 'refused' in manifest ? manifest.refused : 'handed out';
  }

  /** What the ledger says of all this, to the hub’s owner and to whoever may ask. */
  async audit(owner: Pool, toldOfAll: ReadonlySet<string>): Promise<void> {
    if (this.told['query']) return;
    const { question } = this;
    const { since } = this.#arranged;
    const { rows } = await owner.query<{ about: string }>(
      `select distinct $2 || ': ' || category || ' of ' || subject || ' in ' || area as about
       from ledger.disclosure join ledger.entry using (sequence)
       where recorded_at >= $1 and facts::json ->> 'tenant' = $2`,
      [since, question.tenant],
    );
    const recorded = new Set(rows.map(({ about }) => about));
    const missing = [...toldOfAll].filter(
      (one) => one.startsWith(`${question.tenant}: `) && !recorded.has(one),
    );
    this.told['told and not in the ledger'] = rowsText(missing);
    for (const subject of question.subjects)
      this.told[`disclosures of ${subject}`] = await this.#disclosures(subject, toldOfAll);
  }

  /** Of what was told; the ledger may name more, such as what a look-up found. */
  async #disclosures(subject: string, toldOfAll: ReadonlySet<string>): Promise<string> {
    const { since } = this.#arranged;
    const named: string[] = [];
    for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
      const answer: GraphqlReply = await this.#caller.ask(DISCLOSURES, { subject, since, after });
      const page = answer.data?.['disclosuresOf'] as Page<DisclosureNode> | null | undefined;
      if (!page) return refusalText(answer);
      for (const { recipient, category, area } of page.nodes)
        named.push(`${recipient}: ${category} of ${subject} in ${area}`);
      ({ hasNextPage, endCursor: after = null } = page.pageInfo);
    }
    return rowsText(named.filter((one) => toldOfAll.has(one)));
  }

  async #quarantine(batch: string): Promise<string> {
    const { status, body } = await this.#caller.send('GET', `/upload/batches/${batch}/quarantine`);
    const text = body.toString('utf8');
    if (status !== 200) return refusalText(JSON.parse(text) as GraphqlReply);
    const lines = text.split('\n').filter(Boolean);
    return rowsText(lines.map((line) => meterOfLine((JSON.parse(line) as { content: string }).content)));
  }

  async #write(category: WrittenCategory, id: string): Promise<string> {
    const { name, input, key, row } = this.#mutation(category, id);
    const text = `mutation ($rows: [${input}!]!) { done: ${name}(${category}: $rows) { ${key} } }`;
    const answer = await this.#caller.ask(text, { rows: [row] });
    return answer.data?.['done'] ? 'done' : refusalText(answer);
  }

  #mutation(category: WrittenCategory, id: string) {
    const { world } = this.#arranged;
    switch (category) {
      case 'enterprises':
        return mutation('registerEnterprises', 'EnterpriseInput', 'uscc', world.enterprises.find(({ uscc }) => uscc === id)!); // prettier-ignore
      case 'buildings': {
        const { owner } = world.buildings.find((one) => one.id === id)!;
        return mutation('registerBuildings', 'BuildingInput', 'id', buildingInput(id, owner));
      }
      case 'meters':
        return mutation('registerMeters', 'MeterInput', 'id', meterInput(world.meters.find((one) => one.id === id)!)); // prettier-ignore
      case 'audits':
        return mutation('recordEnergyAudits', 'EnergyAuditInput', 'id', auditInput(id));
      case 'reviews':
        return mutation('recordMeteringReviews', 'MeteringReviewInput', 'id', reviewInput(id));
      case 'inspections':
        return mutation('archiveInspections', 'InspectionInput', 'id', inspectionInput(id, this.question.uploadDay)); // prettier-ignore
    }
  }
}

function meterOfLine(line: string): string {
  return (JSON.parse(line) as { meter: string }).meter;
}

const DISCLOSURES = `query ($subject: ID!, $since: Instant!, $after: String) {
  disclosuresOf(subject: $subject, from: $since, first: 500, after: $after) {
    nodes { recipient category area } pageInfo { hasNextPage endCursor }
  }
}`;

interface Page<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

interface DisclosureNode {
  recipient: string;
  category: string;
  area: string;
}

interface Manifest {
  blocks: number;
  parts: { number: number }[];
  missing: { meter: string; reason: string }[];
}

function mutation(name: string, input: string, key: string, row: object) {
  return { name, input, key, row };
}

const QUERY = `query ($day: LocalDate!) {
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

interface List {
  nodes: Node[];
  edges: { cursor: string; node: Day }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string };
}

type ErrorReply = NonNullable<GraphqlReply['errors']>[number];

/** One answer of GraphQL in the words of the oracle. */
class Answer {
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

  tellOwnRecords(askings: Asking[]): void {
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

function blockText(line: string): string {
  const { meter, interval, values, total } = JSON.parse(line) as {
    meter: string;
    interval: number;
    values: (number | null)[];
    total: string;
  };
  return dayText(
    meter,
    interval,
    values.map((value) => (value === null ? null : String(value))),
    total,
  );
}

/** `refused CODE rule`, of the first error. */
function refusalText({ errors }: GraphqlReply): string {
  const { code, rule } = errors?.[0]?.extensions ?? {};
  if (!code) return 'nothing';
  return ['refused', code, rule].filter(Boolean).join(' ');
}

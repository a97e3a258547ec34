import { gunzipSync } from 'node:zlib';
import type { Pool } from 'pg';
import type { Caller, GraphqlReply } from '../world/caller.js';
import { Answer, type Left, type List } from './answer.js';
import type { Arranged } from './arrange.js';
import { writing } from './inputs.js';
import { type QuestionAsked, READING_DAY, type Told, type WrittenCategory } from './model.js';
import { PARTS } from './parts.js';
import { type Notice, noticeText } from './parts/registry.js';
import { EDITION_HASH } from './parts/statistics.js';
import { QUERY, variablesOf } from './query.js';
import { dayText, type Decision, decisionText, refusalText, rowsText } from './words.js';

/** Asks one question at every door, in steps: each leaves behind what the next one looks at. */
export class Asking implements Left {
  readonly question: QuestionAsked;
  readonly told: Told = {};
  batch: string | undefined;
  package: { id: string; purpose: string } | undefined;
  readonly arranged: Arranged;
  readonly caller: Caller;

  constructor(arranged: Arranged, question: QuestionAsked) {
    const { caller } = arranged.seats.get(question.tenant)!;
    this.question = question;
    this.arranged = arranged;
    this.caller = question.header === null ? caller : caller.for(question.header);
  }

  /** Reports a day of readings. Nothing is asked further where the whole request is refused. */
  async upload(owner: Pool): Promise<void> {
    const { uploads, uploadDay } = this.question;
    const lines = uploads.map((meter) => ({ meter, date: uploadDay, interval: 1440, values: [1] }));
    const reply = await this.caller.upload(lines);
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

  /** Confirms published statistics, and fetches the day's package, part by part. */
  async receive(): Promise<void> {
    for (const id of this.question.acknowledges) {
      const text = 'mutation ($id: ID!, $sha256: String!) { done: acknowledgeStatistics(id: $id, sha256: $sha256) { tenant } }'; // prettier-ignore
      const answer = await this.caller.ask(text, { id, sha256: EDITION_HASH });
      this.told[`acknowledge ${id}`] = answer.data?.['done'] ? 'done' : refusalText(answer);
    }
    const answer = await this.caller.ask(
      'query ($day: LocalDate!) { dailyPackage(date: $day) { id manifestUrl manifestSha256 } me { purpose } }',
      { day: READING_DAY },
    );
    const found = answer.data?.['dailyPackage'] as Found | null | undefined;
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
      const { body } = await this.caller.send('GET', `/packages/${found.id}/parts/${number}`);
      for (const line of gunzipSync(body).toString('utf8').trimEnd().split('\n')) days.push(blockText(line));
    }
    if (days.length !== manifest.blocks) days.push(`but the manifest says ${manifest.blocks}`);
    this.told[day] = rowsText(days);
    this.told[missing] = rowsText(manifest.missing.map(({ meter, reason }) => `${meter} ${reason}`));
    const parts = manifest.parts.map(({ number, sha256 }) => ({ number, sha256 }));
    const { id, manifestSha256 } = found;
    const acknowledged = await this.caller.ask(ACKNOWLEDGE, { id, manifestSha256, parts });
    this.told['acknowledge the package'] = acknowledged.data?.['done'] ? 'done' : refusalText(acknowledged);
  }

  async #fetched<Body>(path: string): Promise<Body | { refused: string }> {
    const { status, body } = await this.caller.send('GET', path);
    const json = JSON.parse(body.toString('utf8')) as Body & GraphqlReply;
    return status === 200 ? json : { refused: refusalText(json) };
  }

  /** Everything else, when all batches and packages are there. */
  async query(others: Asking[]): Promise<void> {
    const { question } = this;
    await this.#packageOfAnother(others);
    // By themselves, because they are told even where the rest is refused as a whole.
    const owed = await this.caller.mustAsk<{ list: { nodes: Notice[] } }>('{ list: erasureNotices(first: 500) { nodes { id acknowledgement { method } } } }'); // prettier-ignore
    this.told['erasures'] = rowsText(owed.list.nodes.map(noticeText));
    const answer = await this.caller.ask(QUERY, variablesOf(question, this.arranged));
    if (!answer.data) {
      this.told['query'] = refusalText(answer);
      return;
    }
    await this.#completeScopes(answer.data['scopes'] as List | null);
    const reading = new Answer(answer, question, this.told, this.arranged);
    reading.tellSubjectData();
    reading.tellOwnRecords(others);
    for (const part of PARTS) part.tell(reading);
    await this.#byId(question.ids);
    await this.#decisions(question.decisions);
    for (const { batch, question: other } of others)
      if (batch && question.batches.includes(other.uploadDay))
        this.told[`quarantine of ${other.uploadDay}`] = await this.#quarantine(batch);
  }

  /** What others are told is not to change while they ask. */
  async write(): Promise<void> {
    if (this.told['query']) return;
    for (const { category, id } of this.question.writes)
      this.told[`write ${category} ${id}`] = await this.#write(category, id);
  }

  /** Of scopes there are more than one page holds. */
  async #completeScopes(list: List | null): Promise<void> {
    const query = 'query ($after: String) { scopes(first: 500, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }'; // prettier-ignore
    while (list?.pageInfo.hasNextPage) {
      const { scopes } = await this.caller.mustAsk<{ scopes: List }>(query, { after: list.pageInfo.endCursor }); // prettier-ignore
      list.nodes.push(...scopes.nodes);
      list.pageInfo = scopes.pageInfo;
    }
  }

  async #byId(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const fields = ids.map((id, index) => `n${index}: node(id: ${JSON.stringify(id)}) { id }`);
    const nodes = await this.caller.mustAsk<Record<string, { id: string } | null>>(`{ ${fields.join(' ')} }`);
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
    const decisions = await this.caller.mustAsk<Record<string, Decision>>(`{ ${fields.join(' ')} }`);
    permissions.forEach((permission, index) => {
      this.told[`decision ${permission}`] = decisionText(decisions[`d${index}`]!);
    });
  }

  async #packageOfAnother(others: Asking[]): Promise<void> {
    const another = others.find((one) => one.package && one.question.tenant !== this.question.tenant);
    const id = another?.package?.id ?? 'pkg_00000000000000000000000000';
    const manifest = await this.#fetched<Manifest>(`/packages/${id}/manifest`);
    this.told['the package of another'] = 'refused' in manifest ? manifest.refused : 'handed out';
  }

  async #quarantine(batch: string): Promise<string> {
    const { status, body } = await this.caller.send('GET', `/upload/batches/${batch}/quarantine`);
    const text = body.toString('utf8');
    if (status !== 200) return refusalText(JSON.parse(text) as GraphqlReply);
    const lines = text.split('\n').filter(Boolean);
    return rowsText(lines.map((line) => meterOfLine((JSON.parse(line) as { content: string }).content)));
  }

  async #write(category: WrittenCategory, id: string): Promise<string> {
    const { name, input, key, row } = writing(this.arranged.world, category, id, this.question.uploadDay);
    const text = `mutation ($rows: [${input}!]!) { done: ${name}(${category}: $rows) { ${key} } }`;
    const answer = await this.caller.ask(text, { rows: [row] });
    return answer.data?.['done'] ? 'done' : refusalText(answer);
  }
}

function meterOfLine(line: string): string {
  return (JSON.parse(line) as { meter: string }).meter;
}

const ACKNOWLEDGE = `mutation ($id: ID!, $manifestSha256: String!, $parts: [PartHashInput!]!) {
  done: acknowledgePackage(id: $id, manifestSha256: $manifestSha256, parts: $parts) { package }
}`;

interface Found {
  id: string;
  manifestUrl: string;
  manifestSha256: string;
}

interface Manifest {
  blocks: number;
  parts: { number: number; sha256: string }[];
  missing: { meter: string; reason: string }[];
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

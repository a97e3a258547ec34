import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type {
  ApplicationBatchInput,
  ApplicationFormInput,
  ApplicationInput,
  CertificateApplicationInput,
  ListedUnitInput,
} from '../../subgraphs/tenants/applications/inputs.js';
import { codeOf, fault } from '../client/failure.js';
import { sha256OfFile } from '../client/payload.js';

/** What goes into a form beside the form itself. */
export interface FormParts {
  units?: string;
  csr?: string;
  formalCsr?: string;
  /** `KIND=file` */
  paper?: string[];
}

/** What goes into a batch beside the form. */
export type BatchParts = FormParts & { csrFolder?: string };

/** The JSON of an application; throws Failure FILE_UNUSABLE. */
export async function readApplication(path: string): Promise<ApplicationInput> {
  const input = await readForm(path);
  if ('enterprises' in input)
    throw fault('FILE_UNUSABLE', `${path}: is a batch; an application has kind, tenant and form.`);
  return input;
}

/** The JSON of an application or of a batch; throws Failure FILE_UNUSABLE. */
export async function readForm(path: string): Promise<ApplicationInput | ApplicationBatchInput> {
  const input = parsed(path, await read(path)) as Partial<ApplicationInput & ApplicationBatchInput> | null;
  if (input?.form && Array.isArray(input.enterprises)) return input as ApplicationBatchInput;
  if (input?.kind && input.tenant && input.form) return input as ApplicationInput;
  throw fault(
    'FILE_UNUSABLE',
    `${path}: an application has kind, tenant and form; a batch has form and enterprises.`,
  );
}

/** The batch with its parts in place: each enterprise's requests are `<tenant.id>.csr` and `<tenant.id>.formal.csr`. */
export async function withBatchParts(
  { form, enterprises }: ApplicationBatchInput,
  parts: BatchParts,
): Promise<ApplicationBatchInput> {
  if (parts.csr ?? parts.formalCsr)
    throw fault('USAGE', 'The requests of a batch are in the folder of --csr-folder.');
  const { csrFolder } = parts;
  const units = parts.units ? await unitsOf(enterprises, parts.units) : enterprises.map(({ unit }) => unit);
  const withRequest = async (
    id: string,
    one: CertificateApplicationInput,
  ): Promise<CertificateApplicationInput> => {
    const name = one.accessType === 'FORMAL' ? `${id}.formal.csr` : `${id}.csr`;
    return csrFolder ? { ...one, csr: await read(join(csrFolder, name)) } : one;
  };
  return {
    form: { ...form, papers: await withPapers(form.papers, parts) },
    enterprises: await Promise.all(
      enterprises.map(async ({ tenant, certificates }, place) => ({
        tenant,
        unit: units[place]!,
        certificates: await Promise.all(certificates.map((one) => withRequest(tenant.id, one))),
      })),
    ),
  };
}

/** The list's entry of each enterprise, by its credit code; an entry of nobody's is a mistake. */
async function unitsOf(
  enterprises: ApplicationBatchInput['enterprises'],
  path: string,
): Promise<ListedUnitInput[]> {
  const list = new Map((await readUnits(path)).map((unit) => [unit.uscc, unit]));
  const units = enterprises.map(({ tenant }) => {
    const unit = list.get(tenant.uscc ?? '');
    if (!unit) throw fault('FILE_UNUSABLE', `${path}: there is no unit with the code of ${tenant.id}.`);
    return unit;
  });
  const extra = list.size - new Set(units).size;
  if (extra > 0)
    throw fault('FILE_UNUSABLE', `${path}: ${extra} of its units are of no enterprise of the batch.`);
  return units;
}

type Papers = ApplicationFormInput['papers'];

async function withPapers(papers: Papers, parts: FormParts): Promise<Papers> {
  const given = await Promise.all((parts.paper ?? []).map(paperOf));
  const replaced = new Set(given.map(({ kind }) => kind));
  return [...papers.filter(({ kind }) => !replaced.has(kind)), ...given];
}

/** The form with the parts in place: the list and its number, the requests, the hashes of papers. */
export async function withParts(form: ApplicationFormInput, parts: FormParts): Promise<ApplicationFormInput> {
  const units = parts.units ? await readUnits(parts.units) : form.units;
  const requests = { TEST: parts.csr, FORMAL: parts.formalCsr };
  const certificates = await Promise.all(
    form.certificates.map(async (one) => {
      const file = requests[one.accessType as keyof typeof requests];
      return file ? { ...one, csr: await read(file) } : one;
    }),
  );
  const missing = Object.entries(requests).find(
    ([type, file]) => file && !certificates.some(({ accessType }) => accessType === type),
  );
  if (missing)
    throw fault('USAGE', `The form has no application for ${missing[0]} that the request belongs to.`);
  return {
    ...form,
    units,
    numberOfUnits: parts.units ? units.length : form.numberOfUnits,
    certificates,
    papers: await withPapers(form.papers, parts),
  };
}

async function paperOf(text: string): Promise<Papers[number]> {
  const [kind = '', file = ''] = text.split(/=(.*)/s);
  if (!kind || !file) throw fault('USAGE', `--paper ${text}: KIND=file, as ACCEPTANCE_REPORT=report.pdf`);
  return { kind, name: file.split(/[/\\]/).at(-1) ?? file, sha256: await sha256OfFile(file) };
}

const COLUMNS = ['uscc', 'name', 'industry', 'place', 'nature', 'energyKinds'];

/** Columns of annex 6, which may be left out: `tce-01` for an energy kind, and one for each aspect of the acceptance. */
const CONSUMPTION = /^tce-(\d{2})$/;
const ASPECTS = ['DATA_QUALITY', 'METERING', 'END_DEVICES', 'AUTHORITY_OPINION'];
const VERDICT = /^(PASSED|FAILED)\s+(.+)$/s;

/** A list of units: JSON as in the schema, or CSV with the columns above and one `tce<year>` for each year. */
export async function readUnits(path: string): Promise<ListedUnitInput[]> {
  const content = await read(path);
  if (path.endsWith('.json')) return parsed(path, content) as ListedUnitInput[];
  const rows = rowsOf(path, content);
  const years = Object.keys(rows[0] ?? {}).filter((name) => /^tce\d{4}$/.test(name));
  const missing = COLUMNS.find((column) => rows[0]?.[column] === undefined);
  if (missing) throw fault('FILE_UNUSABLE', `${path}: there is no column ${missing}.`);
  return rows.map(
    ({ uscc = '', name = '', industry = '', place = '', nature = '', energyKinds = '', ...rest }) => ({
      uscc,
      name,
      industry,
      place,
      nature,
      energyKinds: energyKinds.split(/[ ;]+/).filter(Boolean),
      energy: years.map((column) => ({ year: Number(column.slice(3)), tce: rest[column] ?? '' })),
      consumption: consumptionOf(rest),
      acceptance: acceptanceOf(path, rest),
    }),
  );
}

function consumptionOf(row: Record<string, string>): ListedUnitInput['consumption'] {
  const all = Object.entries(row).flatMap(([column, tce]) => {
    const energyKind = CONSUMPTION.exec(column)?.[1];
    return energyKind && tce ? [{ energyKind, tce }] : [];
  });
  return all.length > 0 ? all : null;
}

function acceptanceOf(path: string, row: Record<string, string>): ListedUnitInput['acceptance'] {
  const all = ASPECTS.filter((aspect) => row[aspect]).map((aspect) => {
    const [, verdict, opinion = ''] = VERDICT.exec(row[aspect] ?? '') ?? [];
    if (!verdict)
      throw fault('FILE_UNUSABLE', `${path}: ${aspect} begins with PASSED or FAILED, then says why.`);
    return { aspect, isPassed: verdict === 'PASSED', opinion };
  });
  return all.length > 0 ? all : null;
}

function rowsOf(path: string, content: string): Record<string, string>[] {
  try {
    return parse(content, { columns: true, bom: true, skip_empty_lines: true, trim: true }) as Record<
      string,
      string
    >[];
  } catch (error) {
    throw fault('FILE_UNUSABLE', `${path}: ${(error as Error).message}`);
  }
}

function parsed(path: string, content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    throw fault('FILE_UNUSABLE', `${path} is no JSON: ${(error as Error).message}`);
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => unreadable(path, error));
}

function unreadable(path: string, error: unknown): never {
  throw fault('FILE_UNUSABLE', `${path} cannot be read (${codeOf(error)}).`);
}

import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type {
  ApplicationFormInput,
  ApplicationInput,
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

/** The JSON of an application; throws Failure FILE_UNUSABLE. */
export async function readApplication(path: string): Promise<ApplicationInput> {
  const input = parsed(path, await read(path)) as Partial<ApplicationInput>;
  if (input.kind && input.tenant && input.form) return input as ApplicationInput;
  throw fault('FILE_UNUSABLE', `${path}: an application has kind, tenant and form.`);
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
  const papers = await Promise.all((parts.paper ?? []).map(paperOf));
  const replaced = new Set(papers.map(({ kind }) => kind));
  return {
    ...form,
    units,
    numberOfUnits: parts.units ? units.length : form.numberOfUnits,
    certificates,
    papers: [...form.papers.filter(({ kind }) => !replaced.has(kind)), ...papers],
  };
}

async function paperOf(text: string): Promise<ApplicationFormInput['papers'][number]> {
  const [kind = '', file = ''] = text.split(/=(.*)/s);
  if (!kind || !file) throw fault('USAGE', `--paper ${text}: KIND=file, as ACCEPTANCE_REPORT=report.pdf`);
  return { kind, name: file.split(/[/\\]/).at(-1) ?? file, sha256: await sha256OfFile(file) };
}

const COLUMNS = ['uscc', 'name', 'industry', 'place', 'nature', 'energyKinds'];

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
    }),
  );
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

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from '@swc/core';

/** What one source file leans on and uses. It is parsed, so a comment or a string never counts. */
export interface Source {
  /** Below the checkout, with slashes: `gateway/policy/rules.ts`. */
  path: string;
  lines: number;
  imports: Import[];
  /** Of `any`, `process.env`, `console` and `em` (MikroORM's manager), those that it uses. */
  uses: Set<string>;
  /** Methods that it calls, by name. */
  calls: Set<string>;
}

export interface Import {
  /** One of our files as a path; a package by its name; `(computed)` where only a run could tell. */
  of: string;
  /** Gone once types are gone. */
  isType: boolean;
}

interface Node {
  type: string;
  [member: string]: unknown;
}

export function sourcesIn(folders: string[]): Source[] {
  return folders.flatMap(filesIn).map((path) => sourceOf(path, readFileSync(path, 'utf8')));
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

export function sourceOf(path: string, text: string): Source {
  const imports: Import[] = [];
  const source: Source = {
    path,
    lines: text.split('\n').length - 1,
    imports,
    uses: new Set(),
    calls: new Set(),
  };
  walk(parseSync(text, { syntax: 'typescript', decorators: true, target: 'es2023' }), (node) => {
    const from = importOf(node);
    if (from) imports.push({ ...from, of: from.of.startsWith('.') ? pathOf(path, from.of) : from.of });
    if (node.type === 'TsKeywordType' && node['kind'] === 'any') source.uses.add('any');
    if (node.type === 'MemberExpression') noteUse(node, source.uses);
    if (node.type === 'CallExpression') noteCall(node, source.calls);
  });
  return source;
}

function walk(node: unknown, look: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, look);
  else if (node !== null && typeof node === 'object') {
    if ('type' in node && typeof node.type === 'string') look(node as Node);
    for (const member of Object.values(node)) walk(member, look);
  }
}

function importOf(node: Node): Import | undefined {
  if (/^(Import|Export(Named|All))Declaration$/.test(node.type) && node['source']) {
    return { of: textOf(node['source']), isType: isTypeOnly(node) };
  }
  if (node.type === 'TsImportType') return { of: textOf(node['argument']), isType: true };
  if (node.type !== 'CallExpression' || (node['callee'] as Node).type !== 'Import') return undefined;
  const [first] = node['arguments'] as { expression: Node }[];
  const isPlain = first?.expression.type === 'StringLiteral';
  return { of: isPlain ? textOf(first.expression) : '(computed)', isType: false };
}

function isTypeOnly(node: Node): boolean {
  if (node['typeOnly'] === true) return true;
  const specifiers = (node['specifiers'] ?? []) as Node[];
  return specifiers.length > 0 && specifiers.every((specifier) => specifier['isTypeOnly'] === true);
}

function textOf(literal: unknown): string {
  return (literal as { value: string }).value;
}

function noteUse(node: Node, uses: Set<string>): void {
  const { object, property } = node as unknown as { object: Node; property: Node };
  if (property['value'] === 'em') uses.add('em');
  if (object.type !== 'Identifier') return;
  if (object['value'] === 'process' && property['value'] === 'env') uses.add('process.env');
  if (object['value'] === 'console') uses.add('console');
}

function noteCall(node: Node, calls: Set<string>): void {
  const callee = node['callee'] as Node;
  if (callee.type === 'MemberExpression') calls.add(textOf(callee['property']));
}

function pathOf(path: string, from: string): string {
  return normalize(join(dirname(path), from)).replace(/\.js$/, '.ts');
}

/** Pairs that lead to each other, `one ⇄ other`, each once. */
export function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const leads = (from: string, to: string, seen: Set<string>): boolean =>
    [...(graph.get(from) ?? [])].some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return leads(next, to, seen);
    });
  return [...graph].flatMap(([from, others]) =>
    [...others]
      .filter((other) => from < other && leads(other, from, new Set()))
      .map((other) => `${from} ⇄ ${other}`),
  );
}

import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformFile } from '@swc/core';

/** Folders of the project as plain JavaScript, for processes of their own, without jest. */
export async function compile(into: string, folders: string[]): Promise<void> {
  await writeFile(join(into, 'package.json'), '{"type":"module"}');
  await symlink(join(process.cwd(), 'node_modules'), join(into, 'node_modules'));
  for (const folder of folders) {
    await mkdir(join(into, folder), { recursive: true });
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
    await Promise.all(files.map((file) => compileFile(into, join(folder, file))));
  }
}

async function compileFile(into: string, file: string): Promise<void> {
  const { code } = await transformFile(file, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'es6' },
  });
  await writeFile(join(into, file.replace(/ts$/, 'js')), code);
}

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';

/**
 * A module of the build, loaded by Node itself. Jest makes every module anew for each test file: a hub made so is
 * read, compiled and warmed up each time, which takes longer than most tests, and none of it is ever given back.
 */
export function outside<Module>(path: string): Promise<Module> {
  return load(pathToFileURL(resolve('dist', path)).href) as Promise<Module>;
}

const load = compileFunction('return import(url)', ['url'], {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>;

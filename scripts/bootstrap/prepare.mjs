import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { exclusively, say } from './project.mjs';

/** Installs and builds what is missing or old. True when the project can be run; says why when it cannot. */
export function prepare() {
  return guarded(() => (isInstalled() && isBuilt()) || exclusively(() => install() && build()));
}

export function prepareInstallation() {
  return guarded(() => isInstalled() || exclusively(install));
}

function guarded(work) {
  try {
    return work();
  } catch (fault) {
    if (fault.code !== 'EACCES' && fault.code !== 'EROFS') throw fault;
    say(`This checkout has to be installed or built, and may not be written by this user: ${fault.path}`);
    return false;
  }
}

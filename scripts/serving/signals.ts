/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (): void => {
      if (isStopping) process.exit(130);
      isStopping = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** SIGHUP does not end the process: as soon as it is told how, it reloads. */
export function reloads(): (how: () => Promise<void>) => void {
  let reload: (() => Promise<void>) | undefined;
  process.on('SIGHUP', () => void reload?.());
  return (how) => {
    reload = how;
  };
}

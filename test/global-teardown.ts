const RUN = Symbol.for('hub.test.run');

/** Ends what global-setup began. */
export default async function stop(): Promise<void> {
  const run: { end(): Promise<void> } | undefined = Reflect.get(globalThis, RUN);
  await run?.end();
}

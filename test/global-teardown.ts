/** Stops what global-setup started; a server of DATABASE_URL is left alone. */
export default async function stop(): Promise<void> {
  const cluster: { stop(): Promise<void> } | undefined = Reflect.get(
    globalThis,
    Symbol.for('hub.test.cluster'),
  );
  await cluster?.stop();
}

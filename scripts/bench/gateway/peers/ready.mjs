/** Says where the gateway is; tells what it took so far whenever it is asked; ends with who started it. */
export function ready(url) {
  process.on('message', () => process.send({ cpu: process.cpuUsage(), resident: process.memoryUsage().rss }));
  process.once('disconnect', () => process.exit());
  process.send({ url });
}

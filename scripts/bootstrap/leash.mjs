// Runs the program named in the first argument and ends it when the process that started this one is gone. File
// descriptor 3 is a pipe that nobody writes to; it closes when its other end does, even after a kill -9.
import { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';

/** How long the program may take to stop in order, milliseconds. */
const PATIENCE = 5_000;

const rope = new Socket({ fd: 3, readable: true, writable: false });
rope.on('error', () => undefined);
rope.once('close', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), PATIENCE).unref();
});
rope.resume().unref();

// To the program it looks as if it had been started itself.
process.argv.splice(1, 1);
await import(pathToFileURL(process.argv[1]).href);

// Loaded into a hub with --import: writes every connection that the process opens, and every name it asks for, to
// the file that HUB_TEST_OUTGOING names. It patches the one place each that all of Node's clients come to.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import net from 'node:net';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

const file = process.env.HUB_TEST_OUTGOING;
const record = (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function recorded(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const { host, port, path } = typeof options === 'object' ? options : { port: options, host: args[1] };
  record({ connects: path ?? `${host ?? 'localhost'}:${port}` });
  return connect.apply(this, args);
};

for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveSrv', 'resolveTxt']) {
  for (const place of [dns, dns.promises]) {
    const original = place[name];
    place[name] = function recorded(host, ...rest) {
      record({ asks: host });
      return original.call(this, host, ...rest);
    };
  }
}

const { send } = Object.getPrototypeOf(createSocket('udp4').unref().close());
Object.getPrototypeOf(createSocket('udp4').unref().close()).send = function recorded(...args) {
  record({ connects: `udp ${String(args.findLast((arg) => typeof arg === 'string'))}` });
  return send.apply(this, args);
};

registerHooks({
  resolve: (specifier, context, next) => {
    if (/^@opentelemetry\/(sdk-trace|exporter-trace-otlp-http)$/.test(specifier))
      record({ loads: specifier });
    return next(specifier, context);
  },
});

syncBuiltinESMExports();
process.on('exit', () => record({ telemetry: process.env.APOLLO_TELEMETRY_DISABLED ?? null }));

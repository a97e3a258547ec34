import gateway from '@mercuriusjs/gateway';
import fastify from 'fastify';
import { ready } from './ready.mjs';

/** Compiling what was asked as often as its documentation shows. It asks the subgraphs for their schemas itself. */
const { services } = JSON.parse(process.argv[2]);
const server = fastify();
await server.register(gateway, { jit: 1, gateway: { services } });
await server.listen({ host: '127.0.0.1', port: 0 });
ready(`http://localhost:${server.server.address().port}/graphql`);

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { ready } from './ready.mjs';

/** With the planner that is written in Rust, as its documentation has it. */
const { supergraph } = JSON.parse(process.argv[2]);
const gateway = createGatewayRuntime({
  supergraph: readFileSync(supergraph, 'utf8'),
  unifiedGraphHandler,
  logging: false,
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => ready(`http://localhost:${server.address().port}/graphql`));

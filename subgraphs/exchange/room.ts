import { idShape } from '../runtime/ids.js';
import { defineRoom } from '../runtime/room.js';
import { receivedDoor } from './batches/received.js';
import { rejectedDoor } from './batches/rejected.js';
import { uploadDoor } from './batches/upload.js';
import { Batch, Package, PackageReceipt } from './entities.js';
import { exchange001 } from './migrations/001-exchange.js';
import { exchange002 } from './migrations/002-history.js';
import { exchange003 } from './migrations/003-disclosures.js';
import { exchange004 } from './migrations/004-received-days.js';
import { buildDoor } from './packages/build.js';
import { manifestDoor, partDoor } from './packages/download.js';
import { BatchRepository, PackageRepository } from './repository.js';
import { BatchResolver, PackageResolver, type ExchangeContext } from './resolver.js';

export default defineRoom<ExchangeContext>({
  name: 'exchange',
  entities: [Batch, Package, PackageReceipt],
  resolvers: [BatchResolver, PackageResolver],
  references: {
    Batch: ({ id }, { batches }) => batches.byId.load(id ?? ''),
    Package: ({ id }, { packages }) => packages.byId.load(id ?? ''),
    Tenant: ({ id }) => ({ id }),
  },
  nodes: {
    Batch: { shape: idShape('bat'), permission: 'batches:read' },
    Package: { shape: idShape('pkg'), permission: 'packages:read' },
  },
  doors: {
    'POST /upload/readings': uploadDoor('READINGS'),
    'POST /upload/supplies': uploadDoor('SUPPLIES'),
    'GET /upload/batches/:id/quarantine': rejectedDoor,
    'GET /received-days/:tenant': receivedDoor,
    'POST /packages': buildDoor,
    'GET /packages/:id/manifest': manifestDoor,
    'GET /packages/:id/parts/:n': partDoor,
  },
  migrations: [exchange001, exchange002, exchange003, exchange004],
  context: (session) => ({ batches: new BatchRepository(session), packages: new PackageRepository(session) }),
});

import { Ledger } from '../../gateway/ledger/ledger.js';
import { hubHere } from './hub-here.js';

/**
 * A process of its own for the measurement of what the ledger costs: a hub on the home given, and, where the second
 * argument says so, one that records nothing. The product has no such switch; here the method is taken out.
 */
const [home = '', ledger] = process.argv.slice(2);
if (ledger === 'without') Ledger.prototype.append = async () => ({ sequence: 0, leaf: '' });

const hub = await hubHere(home);
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.once('disconnect', () => void hub.stop().then(() => process.exit()));
process.send?.({ url: hub.url });

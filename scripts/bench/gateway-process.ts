import { Ledger } from '../../gateway/ledger/ledger.js';
import { hubHere } from './hub-here.js';
import { grantTwice, policeTwice } from './policing-twice.js';

/** The hub as it is, or with one thing about it changed, to measure that. */
export type Variant = 'as it is' | 'without ledger' | 'policy twice' | 'grant twice';

/**
 * A process of its own for measurements: a hub on the home given, of the variant given. The product has no such
 * switches; here methods are exchanged.
 */
const [home = '', variant = 'as it is'] = process.argv.slice(2) as [string?, Variant?];
if (variant === 'without ledger') Ledger.prototype.append = async () => ({ sequence: 0, leaf: '' });
if (variant === 'policy twice') await policeTwice();
if (variant === 'grant twice') await grantTwice(home);

const hub = await hubHere(home);
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.once('disconnect', () => void hub.stop().then(() => process.exit()));
process.send?.({ url: hub.url });

import { readConfig } from '../../gateway/config.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import { openLog } from '../../gateway/log.js';
import { type Hub, startHub } from '../../gateway/main.js';
import { attachDatabase } from '../database/open.js';

/** A further hub on a home and database that have one already, in this process, to look at from inside. */
export async function hubHere(home: string, onStatement?: (sql: string) => void): Promise<Hub> {
  const config = readConfig({ HUB_HOME: home, HUB_PORT: '0', HUB_OPS_PORT: '0', HUB_LOG: 'error' });
  const { url } = await attachDatabase({ home, log: () => undefined });
  const databases = await prepareDatabases(url, await rolePasswords(home));
  return startHub({ config, databases, log: openLog('error'), ...(onStatement && { onStatement }) });
}

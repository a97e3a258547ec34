import type { RolePasswords } from './keys.js';
import type { Stage } from './policy/grant.js';

/** How the hub's processes reach one stage's database: never as its owner. */
export interface StageUrls {
  rooms: string;
  gateway: string;
}

/** The owner's connection to a stage's database. */
export function stageUrl(ownerUrl: string, stage: Stage): string {
  const url = new URL(ownerUrl);
  if (stage === 'TEST') url.pathname = `/${databaseName(ownerUrl)}_test`;
  return url.toString();
}

/** How the hub's roles reach a database that was prepared before; nothing is asked or changed. */
export function stageUrls(ownerUrl: string, passwords: RolePasswords): StageUrls {
  const database = databaseName(ownerUrl);
  return {
    rooms: roleUrl(ownerUrl, `${database}_rooms`, passwords.rooms),
    gateway: roleUrl(ownerUrl, `${database}_gateway`, passwords.gateway),
  };
}

export function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
}

function roleUrl(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.toString();
}

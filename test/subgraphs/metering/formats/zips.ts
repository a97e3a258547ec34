import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: string | Buffer;
  /** What the directory claims instead of the truth. */
  claims?: { size?: number; checksum?: number; flags?: number };
}

/** A zip as any program writes it, and as a hostile one may: the directory says what it is told to. */
export function zip(...entries: ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, claims = {} } of entries) {
    const plain = Buffer.from(content as string);
    const packed = deflateRawSync(plain);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE((claims.flags ?? 0) | 0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(claims.checksum ?? crc32(plain), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claims.size ?? plain.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, rest, Buffer.from(name)]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\u0005\u0006'), end]);
}

/** One hour of a building and item. */
export interface Hour {
  item?: string;
  start: string;
  end?: string;
  value?: string;
  equivalent?: string;
  state?: string;
}

export function hour({
  item = '01000',
  start,
  end,
  value = '10.0000',
  equivalent = '1.2290',
  state = '1',
}: Hour): string {
  const next = new Date(Date.parse(`${start.replace(' ', 'T')}Z`) + 3_600_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
  return (
    `<EnergyItemHourResult><EnergyItemCode>${item}</EnergyItemCode><StartHour>${start}</StartHour>` +
    `<EndHour>${end ?? next}</EndHour><HourValue>${value}</HourValue><HourEquValue>${equivalent}</HourEquValue>` +
    `<State>${state}</State></EnergyItemHourResult>`
  );
}

export function energyXml(hours: string[], build = '310101A001'): string {
  return `<?xml version="1.0" encoding="UTF-8"?><root><common><UploadDataCenterID>310101</UploadDataCenterID></common><data operation="N"><Build id="${build}"><EnergyItemHourResults>${hours.join('')}</EnergyItemHourResults></Build></data></root>`;
}

/** `name` is the centre and the day; 24 hours of it unless said otherwise. */
export function daily(name: string, hours?: string[]): Buffer {
  const date = `${name.slice(6, 10)}-${name.slice(10, 12)}-${name.slice(12)}`;
  const all = Array.from({ length: 24 }, (_, at) =>
    hour({ start: `${date} ${String(at).padStart(2, '0')}:00:00` }),
  );
  return zip({ name: `${name}Energy.xml`, content: energyXml(hours ?? all) });
}

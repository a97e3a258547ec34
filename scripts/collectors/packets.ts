import { Unreadable } from '../../subgraphs/metering/formats/unreadable.js';
import { parseXml, textOf, type XmlElement } from '../../subgraphs/metering/formats/xml.js';
import type { Address } from './config.js';
import type { PacketName } from './frames.js';

const BOUNDS = { depth: 8, elements: 20_000, attributes: 16 };
const PACKETS: readonly string[] = [
  'id_validate',
  'heart_beat',
  'data',
  'config',
  'packet',
] satisfies PacketName[];
const LONGEST_SEQUENCE = 40;

/** One value of one function of a meter, as the collector wrote it. */
export interface CollectedValue {
  meter: string;
  function: string;
  coding: string;
  error: string;
  time: string;
  value: string;
}

export interface Packet {
  /** Of a data centre; empty of a collector. */
  node: string;
  building: string;
  gateway: string;
  name: PacketName;
  /** `request`, `md5`, `notify`, `report`, `continuous`, `reply`, `period_ack`, `packet_start`, `packet_end`. */
  operation: string;
  sequence: string;
  md5: string;
  /** Of a file that is announced. */
  filename: string;
  filelength: string;
  /** Of a packet of missed data: which of how many. */
  total: string | undefined;
  current: string | undefined;
  /** Whether its values are numbers that the collector read, not the frames of its meters as they came. */
  isParsed: boolean;
  values: CollectedValue[];
}

/**
 * Reads a packet. What stands in `<type>` is let be: the standard has the operation there, some products the name.
 *
 * @throws Unreadable for what is none.
 */
export function readPacket(bytes: Buffer): Packet {
  const root = parseXml(bytes, BOUNDS);
  const common = root.children.find(({ name }) => name === 'common');
  const body = root.children.find(({ name }) => PACKETS.includes(name));
  if (root.name !== 'root' || !common || !body)
    throw new Unreadable('The packet has no root, common and body.');
  const sequence = textOf(body, 'sequence') ?? '';
  if (sequence.length > LONGEST_SEQUENCE) throw new Unreadable('The sequence is longer than 40 characters.');
  return {
    node: textOf(common, 'node_id') ?? '',
    building: textOf(common, 'building_id') ?? '',
    gateway: textOf(common, 'gateway_id') ?? '',
    name: body.name as PacketName,
    operation: body.attributes.get('operation') ?? textOf(common, 'type') ?? '',
    sequence,
    md5: textOf(body, 'md5') ?? '',
    filename: textOf(body, 'filename') ?? '',
    filelength: textOf(body, 'filelength') ?? '',
    total: textOf(body, 'total'),
    current: textOf(body, 'current'),
    isParsed: ['', 'yes'].includes(textOf(body, 'parser')?.toLowerCase() ?? ''),
    values: body.name === 'data' ? valuesOf(body) : [],
  };
}

function valuesOf(data: XmlElement): CollectedValue[] {
  const time = textOf(data, 'time') ?? '';
  const meters = data.children.filter(({ name }) => name === 'meter');
  const items = data.children.find(({ name }) => name === 'energy_items')?.children ?? [];
  const found = meters.flatMap((meter) =>
    meter.children
      .filter(({ name }) => name === 'function')
      .map((element) =>
        valueOf(element, meter.attributes.get('id') ?? '', element.attributes.get('id') ?? '', time),
      ),
  );
  // A variant without meters: one value an energy item.
  return [...found, ...items.map((item) => valueOf(item, '', item.attributes.get('code') ?? '', time))];
}

function valueOf(
  { attributes, text }: XmlElement,
  meter: string,
  functionId: string,
  time: string,
): CollectedValue {
  return {
    meter,
    function: functionId,
    coding: attributes.get('coding') ?? attributes.get('code') ?? '',
    error: attributes.get('error') ?? '',
    time: attributes.get('sample_time') ?? time,
    value: text,
  };
}

/** A packet of ours: strictly as the standard has it, `<type>` the operation. */
export function packetText(
  to: Address,
  name: PacketName,
  operation: string,
  children: Readonly<Record<string, string | undefined>> = {},
): string {
  const inside = Object.entries(children)
    .filter(([, text]) => text !== undefined)
    .map(([child, text = '']) => `<${child}>${escaped(text)}</${child}>`)
    .join('');
  return (
    `<?xml version="1.0" encoding="UTF-8"?><root><common>${to.node ? `<node_id>${escaped(to.node)}</node_id>` : ''}<building_id>${escaped(to.building)}</building_id>` +
    `<gateway_id>${escaped(to.gateway)}</gateway_id><type>${operation}</type></common>` +
    `<${name} operation="${operation}">${inside}</${name}></root>`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

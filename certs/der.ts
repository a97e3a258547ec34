import forge from 'node-forge';

const { asn1 } = forge;
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;

export type Node = forge.asn1.Asn1;

export function sequence(...items: Node[]): Node {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, items);
}

/** `[tag] EXPLICIT` around a node. */
export function explicit(tag: number, inner: Node): Node {
  return asn1.create(CONTEXT_SPECIFIC, tag, true, [inner]);
}

/** `[tag] IMPLICIT OCTET STRING` */
export function implicitOctets(tag: number, bytes: string): Node {
  return asn1.create(CONTEXT_SPECIFIC, tag, false, bytes);
}

export function oid(dotted: string): Node {
  return primitive(asn1.Type.OID, asn1.oidToDer(dotted).getBytes());
}

export function nothing(): Node {
  return primitive(asn1.Type.NULL, '');
}

/** A non-negative INTEGER of any length from hexadecimal; a leading zero byte keeps it positive. */
export function integer(hex: string): Node {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const positive = Number.parseInt(even.slice(0, 2), 16) > 0x7f ? `00${even}` : even;
  return primitive(asn1.Type.INTEGER, forge.util.hexToBytes(positive));
}

export function enumerated(value: number): Node {
  return primitive(asn1.Type.ENUMERATED, String.fromCharCode(value));
}

export function octets(inner: Node): Node {
  return primitive(asn1.Type.OCTETSTRING, encode(inner));
}

export function bits(bytes: string): Node {
  return primitive(asn1.Type.BITSTRING, `\0${bytes}`);
}

/** UTCTime to the end of 2049, GeneralizedTime from then on (RFC 5280, 5.1.2.4). */
export function time(at: Date): Node {
  return at.getUTCFullYear() < 2050
    ? primitive(asn1.Type.UTCTIME, asn1.dateToUtcTime(at))
    : primitive(asn1.Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(at));
}

export function readTime(node: Node): Date {
  return node.type === asn1.Type.UTCTIME
    ? asn1.utcTimeToDate(text(node))
    : asn1.generalizedTimeToDate(text(node));
}

/** DER as a string of bytes, as forge has it. */
export function encode(node: Node): string {
  return asn1.toDer(node).getBytes();
}

/**
 * Throws where the bytes are no DER. Bit strings stay closed: forge would otherwise open a signature whose bytes
 * happen to look like DER.
 */
export function decode(bytes: string): Node {
  // The published types know the flag of an older version only; forge 1.x takes options.
  const options = { strict: true, decodeBitStrings: false } as unknown as boolean;
  return asn1.fromDer(bytes, options);
}

/** The parts of a constructed node; throws for a primitive one. */
export function parts(node: Node | undefined): Node[] {
  if (node === undefined || typeof node.value === 'string')
    throw new TypeError('DER: a sequence was expected.');
  return node.value;
}

/** The bytes of a primitive node; throws for a constructed one. */
export function text(node: Node | undefined): string {
  if (typeof node?.value !== 'string') throw new TypeError('DER: a primitive value was expected.');
  return node.value;
}

function primitive(type: forge.asn1.Type, bytes: string): Node {
  return asn1.create(UNIVERSAL, type, false, bytes);
}

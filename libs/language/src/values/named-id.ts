import { formatId } from '@millrace/kernel';

/** The namespace of ids that derive from a place in a run. */
const NAMESPACE = 'millrace.run';

/** The id that a name always gives: UUIDv5 layout over SHA-1, so that equal places in equal runs have equal ids. */
export function namedId(prefix: string, name: string): string {
  const bytes = sha1(new TextEncoder().encode(`${NAMESPACE}/${name}`)).slice(0, 16);
  const view = new DataView(bytes.buffer);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x50);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return formatId(prefix, bytes);
}

type Words = readonly [number, number, number, number, number];

/** SHA-1 of bytes (RFC 3174). For names only, never for secrets. */
export function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message);
  let state: Words = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < view.byteLength; at += 64) state = mixed(new DataView(view.buffer, at, 64), state);
  const out = new DataView(new ArrayBuffer(20));
  state.forEach((word, index) => out.setUint32(index * 4, word));
  return new Uint8Array(out.buffer);
}

function padded(message: Uint8Array): DataView {
  const bytes = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, message.length * 8);
  return view;
}

function mixed(block: DataView, state: Words): Words {
  const words = new DataView(new ArrayBuffer(320));
  const word = (index: number): number => words.getUint32(index * 4);
  for (let i = 0; i < 16; i++) words.setUint32(i * 4, block.getUint32(i * 4));
  for (let i = 16; i < 80; i++) words.setUint32(i * 4, left(word(i - 3) ^ word(i - 8) ^ word(i - 14) ^ word(i - 16), 1));
  let [a, b, c, d, e] = state;
  for (let i = 0; i < 80; i++) {
    const next = (left(a, 5) + choose(i, b, c, d) + e + word(i)) | 0;
    [e, d, c, b, a] = [d, c, left(b, 30), a, next];
  }
  const [v, w, x, y, z] = state;
  return [(v + a) | 0, (w + b) | 0, (x + c) | 0, (y + d) | 0, (z + e) | 0];
}

function choose(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function left(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

import { formatId } from '@millrace/kernel';

/** The namespace of ids that derive from a place in a run. */
const NAMESPACE = 'millrace.run';

/** The id that a name always gives: UUIDv5 layout over SHA-1, so that equal places in equal runs have equal ids. */
export function namedId(prefix: string, name: string): string {
  const bytes = sha1(new TextEncoder().encode(`${NAMESPACE}/${name}`)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return formatId(prefix, bytes);
}

/** SHA-1 of bytes (RFC 3174). For names only, never for secrets. */
export function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  for (let at = 0; at < view.byteLength; at += 64) block(view, at, state);
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

function block(view: DataView, at: number, state: Uint32Array): void {
  const words = new Uint32Array(80);
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + i * 4);
  for (let i = 16; i < 80; i++) words[i] = left(word(words, i - 3) ^ word(words, i - 8) ^ word(words, i - 14) ^ word(words, i - 16), 1);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    const mixed = (left(a, 5) + choose(i, b, c, d) + e + word(words, i)) | 0;
    [e, d, c, b, a] = [d, c, left(b, 30), a, mixed];
  }
  [a, b, c, d, e].forEach((value, index) => (state[index] = word(state, index) + value));
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

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

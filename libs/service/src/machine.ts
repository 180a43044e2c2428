import { createHash, randomBytes } from 'node:crypto';
import { Clock, formatId, Ids } from '@millrace/kernel';

/** The machine's clock. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }
}

const NAMESPACE = Buffer.from('6d696c6c72616365a0b1c2d3e4f50617', 'hex');

/** Ids from the machine's clock and randomness (UUIDv7), and from names (UUIDv5 in Millrace's own namespace). */
export class SystemIds extends Ids {
  constructor(private readonly clock: Clock) {
    super();
  }

  override mint(prefix: string): string {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(this.clock.now(), 0, 6);
    return formatId(prefix, stamp(bytes, 7));
  }

  override derive(prefix: string, ...names: readonly string[]): string {
    const hash = createHash('sha1').update(NAMESPACE);
    for (const name of names) hash.update(`${Buffer.byteLength(name)}:`).update(name);
    return formatId(prefix, stamp(hash.digest().subarray(0, 16), 5));
  }
}

function stamp(bytes: Buffer, version: number): Buffer {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

import { hash, randomFillSync } from 'node:crypto';
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
    const bytes = random(16);
    bytes.writeUIntBE(this.clock.now(), 0, 6);
    return formatId(prefix, stamp(bytes, 7));
  }

  override derive(prefix: string, ...names: readonly string[]): string {
    const name = names.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
    const bytes = Buffer.allocUnsafe(NAMESPACE.length + Buffer.byteLength(name));
    NAMESPACE.copy(bytes);
    bytes.write(name, NAMESPACE.length);
    return formatId(prefix, stamp(hash('sha1', bytes, 'buffer').subarray(0, 16), 5));
  }
}

const POOL = 4_096;
const pool = Buffer.alloc(POOL);
let used = POOL;

/** Random bytes, drawn from the system a page at a time: asking for a few costs more than all else an id does. */
function random(bytes: number): Buffer {
  if (used + bytes > POOL) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return Buffer.from(pool.subarray(used - bytes, used));
}

function stamp(bytes: Buffer, version: number): Buffer {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

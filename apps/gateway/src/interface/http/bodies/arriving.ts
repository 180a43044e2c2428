import type { Readable } from 'node:stream';
import { malformed } from '../problems/refusals';

export interface Arrival {
  /** Bytes. */
  readonly most: number;
  /** Milliseconds for which nothing may come while it is waited for. */
  readonly idle: number;
  /** What to throw of one byte more. */
  readonly tooLarge: () => Error;
}

const NOTHING = new Uint8Array();

/** The bytes of a body as they come, no faster than they are taken. Fails when they are too many, or stop coming. */
export async function* arriving(source: Readable, { most, idle, tooLarge }: Arrival): AsyncGenerator<Uint8Array, void> {
  // Not destroyed with the loop: whoever is refused half-way must still hear why.
  const chunks = source.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  let size = 0;
  try {
    for (;;) {
      const next = await inTime(chunks.next(), idle);
      if (next.done === true) return;
      size += next.value.byteLength;
      if (size > most) throw tooLarge();
      yield next.value;
    }
  } finally {
    // Not awaited: it waits for what is stalled. What still comes may flow off from now on.
    void chunks.return?.().catch(() => undefined);
  }
}

/** The bytes of a body that says it is short, all of them. Fails when they stop coming, or their sender goes. `idle`: milliseconds. */
export function arrivingWhole(source: Readable, idle: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => reject(stoppedComing()), idle);
  source.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    timer.refresh();
  });
  source.once('end', () => {
    const [first = NOTHING, ...others] = chunks;
    resolve(others.length === 0 ? first : Buffer.concat(chunks));
  });
  source.once('error', reject);
  source.once('close', () => {
    clearTimeout(timer);
    if (!source.readableEnded) reject(stoppedComing());
  });
  return promise;
}

async function inTime<T>(coming: Promise<T>, idle: number): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(stoppedComing()), idle);
  return Promise.race([coming, stalled]).finally(() => clearTimeout(timer));
}

function stoppedComing(): Error {
  return malformed('request_timeout', 'The body stopped coming. Send it again.');
}

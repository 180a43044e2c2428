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

async function inTime<T>(coming: Promise<T>, idle: number): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(malformed('request_timeout', 'The body stopped coming. Send it again.')), idle);
  return Promise.race([coming, stalled]).finally(() => clearTimeout(timer));
}

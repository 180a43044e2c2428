import { mongo } from 'mongoose';

/** Lets an answer of the driver pass, or refuses when it does not come. */
export type Guard = <R>(answer: Promise<R>) => Promise<R>;

type Method = (...words: unknown[]) => unknown;

/**
 * A collection or cursor of the driver of which every answer goes through `guard`. What is written to a connection that is closed, and has
 * not said so yet, waits for ever in the driver (mongodb 7.8.0, `Connection.writeCommand` waits for a `drain` that never comes).
 */
export function bounded<T extends object>(target: T, guard: Guard): T {
  const asked: T = new Proxy(target, {
    get: (_, name): unknown => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name === Symbol.asyncIterator && target instanceof mongo.AbstractCursor) return () => documentsOf(asked as typeof target);
      return (...words: unknown[]): unknown => {
        const answer = (value as Method).apply(target, words);
        if (answer === target) return asked;
        if (answer instanceof Promise) return guard(answer);
        return answer instanceof mongo.AbstractCursor ? bounded(answer, guard) : answer;
      };
    },
  });
  return asked;
}

async function* documentsOf<T>(cursor: mongo.AbstractCursor<T>): AsyncGenerator<T, void, undefined> {
  try {
    for (let next = await cursor.next(); next !== null; next = await cursor.next()) yield next;
  } finally {
    await cursor.close();
  }
}

/** Refuses with what `late` gives when the answer takes longer, in milliseconds. */
export async function within<R>(longest: number, answer: Promise<R>, late: () => Error): Promise<R> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), longest);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

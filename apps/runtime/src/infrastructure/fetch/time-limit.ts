/** Resolves after some milliseconds; rejects when the signal aborts before. */
export type Delay = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export interface TimeLimit {
  readonly milliseconds: number;
  readonly delay: Delay;
  /** What the work fails with once the time is up. */
  readonly late: () => Error;
}

/**
 * Does a piece of work under a time limit and until `outer` aborts. Either ends it at once with its reason, even where the work does not
 * listen to its signal (a connection being made does not). The timer ends with the work.
 */
export async function within<T>(limit: TimeLimit, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  outer.throwIfAborted();
  const timer = new AbortController();
  const late = new AbortController();
  const signal = AbortSignal.any([outer, late.signal]);
  limit.delay(limit.milliseconds, timer.signal).then(
    () => {
      late.abort(limit.late());
    },
    () => undefined,
  );
  try {
    return await Promise.race([work(signal), abortOf(signal)]);
  } finally {
    timer.abort();
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

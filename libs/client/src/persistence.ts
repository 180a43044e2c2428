import { ApiProblem } from './problem';

/** What it takes to try again. */
export interface Persistence {
  /** Tries at most, the first one included; 4 when absent. */
  readonly tries?: number;
  /** Waits so many milliseconds; rejects when the signal gives up. */
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** From 0 to 1, so that those who were refused at once do not come back at once. */
  readonly chance?: () => number;
}

/** What may be done again without harm: reading, and what has a key by which the second time is known. */
export type Repeatable = 'always' | 'after-refusal';

const TRIES = 4;
const FIRST_PAUSE = 250;
/** Milliseconds; whoever is told to wait longer is told so. */
const LONGEST_PAUSE = 30_000;
/** The gateway itself could not take it, so nothing was done. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['wire.no_one_listens', 'api.idempotency_unavailable']);
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** Does it until it succeeds, is refused for good, or has been tried often enough. */
export async function persist<T>(
  what: () => Promise<T>,
  repeatable: Repeatable,
  { tries = TRIES, pause = timer, chance = Math.random }: Persistence,
  signal?: AbortSignal,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await what();
    } catch (error) {
      const wait = signal?.aborted === true || tried >= tries ? undefined : pauseAfter(error, repeatable, tried, chance);
      if (wait === undefined) throw error;
      await pause(wait, signal);
    }
  }
}

/** Milliseconds after which it is worth trying again; undefined: it is not. */
function pauseAfter(error: unknown, repeatable: Repeatable, tried: number, chance: () => number): number | undefined {
  if (!isWorthIt(error, repeatable)) return undefined;
  const told = error instanceof ApiProblem ? error.retryAfter : undefined;
  if (told !== undefined && told * 1000 > LONGEST_PAUSE) return undefined;
  const own = FIRST_PAUSE * 2 ** (tried - 1) * (0.5 + chance() / 2);
  return Math.max(own, (told ?? 0) * 1000);
}

function isWorthIt(error: unknown, repeatable: Repeatable): boolean {
  // What `fetch` throws when the connection breaks: it may have been done.
  if (!(error instanceof ApiProblem)) return repeatable === 'always' && error instanceof TypeError;
  if (error.status === 429) return error.retryAfter !== undefined;
  if (NOT_BEGUN.has(error.code)) return true;
  return repeatable === 'always' && (UNAVAILABLE.has(error.status) || error.code === 'api.idempotency_running');
}

function timer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timeout = setTimeout(resolve, milliseconds);
  signal?.addEventListener(
    'abort',
    () => {
      clearTimeout(timeout);
      reject(signal.reason as Error);
    },
    { once: true },
  );
  return promise;
}

import type { Clock } from '@millrace/kernel';
import type { FetchOutcome } from '../../application/ports/fetcher';
import type { RetryPolicy } from '@millrace/language';

/** What came of one attempt. */
export interface Tried {
  readonly outcome: FetchOutcome;
  /** Of the answer, if there was one. */
  readonly status?: number;
  /** Its header `Retry-After`. */
  readonly retryAfter?: string;
}

const DEFAULT = { delay: 1000, factor: 2, maxDelay: 300_000, jitter: 0.2, lost: 'repeat' } as const;

/** Another try may help against these: no answer, and the answers that say "later". */
const WORTH_IT: readonly string[] = ['runtime.fetch_unreachable', 'runtime.step_timeout', '429', '502', '503', '504'];

/** The longest a timer of node can run. */
const LONGEST = 2 ** 31 - 1;

/** The policy of a fetch whose author wrote none: repeated when doing it twice is doing it once. */
export function defaultPolicy(method: string, authorsKey: boolean): RetryPolicy {
  const repeatable = authorsKey || ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method);
  return { ...DEFAULT, attempts: repeatable ? 3 : 1 };
}

/** Whether what came of an attempt is a reason for another. */
export function isRetried({ outcome, status }: Tried, { on = WORTH_IT }: RetryPolicy): boolean {
  const code = 'error' in outcome ? outcome.error.code : undefined;
  return on.some((entry) => entry === code || (status !== undefined && matchesStatus(entry, status)));
}

/** Whether `503`, `"503"` or `"5xx"` means a status. */
export function matchesStatus(pattern: string | number, status: number): boolean {
  const text = String(pattern).trim().toLowerCase();
  return text === String(status) || (/^[1-5]xx$/.test(text) && text.startsWith(String(status).slice(0, 1)));
}

/** Milliseconds to wait after the nth attempt. `chance` in [0, 1) places the wait within its jitter; what the other side asks for has none. */
export function pauseAfter(attempt: number, policy: RetryPolicy, asked: number | undefined, chance: number): number {
  const swing = 1 + policy.jitter * (2 * chance - 1);
  const wait = asked ?? policy.delay * policy.factor ** (attempt - 1) * swing;
  return Math.max(0, Math.min(wait, policy.maxDelay, LONGEST));
}

/** Milliseconds that a `Retry-After` asks for, in seconds or as a date; undefined when it is neither. */
export function retryAfter(header: string | undefined, clock: Clock): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Za-z]{3},/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}

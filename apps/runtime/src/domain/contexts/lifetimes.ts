import type { LoadRequest } from '@millrace/language';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Longer than any run, its waits included: while a run of the correlation may still come back, its contexts are there. */
const CORRELATION = 31 * DAY;
/** Longer than any session can be renewed. */
const SESSION = 31 * DAY;
const ANONYMOUS_SESSION = HOUR;
const SOCKET = 6 * HOUR;

/** How the owner of a context begins that belongs to nobody known, and so lives with the correlation named behind it. */
export const OF_CORRELATION = 'correlation:';

/** Why a context lives shorter than others of its kind: it belongs to a correlation, or to an anonymous session. */
export type Transience = 'correlation' | 'anonymous';

/** What is known of whoever writes a context. */
export interface Circumstances {
  /** Whether the run was caused by somebody who has not signed in. */
  readonly anonymous?: boolean;
}

/** Why the context lives shorter than others; `known` is what was said of it before. */
export function transienceOf({ context, owner }: LoadRequest, by: Circumstances, known: Transience | undefined): Transience | undefined {
  if (context === 'run') return 'correlation';
  if (context === 'global' || context === 'config') return undefined;
  if (owner.startsWith(OF_CORRELATION)) return 'correlation';
  if (by.anonymous === undefined) return known;
  return context === 'session' && by.anonymous ? 'anonymous' : undefined;
}

/** Milliseconds that a context lives after a write; undefined: for ever. */
export function lifetimeOf(context: LoadRequest['context'], transience: Transience | undefined): number | undefined {
  if (context === 'socket') return SOCKET;
  if (transience === 'correlation') return CORRELATION;
  if (context !== 'session') return undefined;
  return transience === 'anonymous' ? ANONYMOUS_SESSION : SESSION;
}

import type { LoadRequest } from '@millrace/language';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** After the last run of the correlation has ended. */
const CORRELATION = 60_000;
/** As long as a run may be in hand when nothing else is said. */
const IN_HAND = 300_000;
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
  /** Milliseconds since 1970: until then the run that writes may come back, however long nobody has it in hand; absent: it will not. */
  readonly until?: number;
}

/** A run that has not ended, so that what lives with its correlation is there when it comes back: until then at the latest. */
export interface Holder {
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What the life of a context that lives with a correlation hangs on. */
export interface Holding {
  readonly holders: readonly Holder[];
  readonly now: number;
  /** Milliseconds that a run may be in hand: for so long it needs no hold. */
  readonly inHand?: number | undefined;
}

/** The correlation with which a context lives; undefined: it has a life of its own. */
export function correlationOf({ context, owner }: Pick<LoadRequest, 'context' | 'owner'>): string | undefined {
  if (context === 'run') return owner;
  return owner.startsWith(OF_CORRELATION) ? owner.slice(OF_CORRELATION.length) : undefined;
}

/** Who holds a context after a write: the run that writes as long as it may come back, and not any more once it has ended. */
export function holdersAfter(
  holders: readonly Holder[],
  run: string | undefined,
  { until }: Circumstances,
  now: number,
): readonly Holder[] {
  const others = holders.filter((holder) => holder.until > now && holder.run !== run);
  return run === undefined || until === undefined ? others : [...others, { run, until }];
}

/** Why the context lives shorter than others; `known` is what was said of it before. */
export function transienceOf({ context, owner }: LoadRequest, by: Circumstances, known: Transience | undefined): Transience | undefined {
  if (context === 'global' || context === 'config') return undefined;
  if (correlationOf({ context, owner }) !== undefined) return 'correlation';
  if (by.anonymous === undefined) return known;
  return context === 'session' && by.anonymous ? 'anonymous' : undefined;
}

/** Milliseconds that a context lives after a write; undefined: for ever. */
export function lifetimeOf(context: LoadRequest['context'], transience: Transience | undefined, holding: Holding): number | undefined {
  if (context === 'socket') return SOCKET;
  if (transience === 'correlation') return lifeOfCorrelation(holding);
  if (context !== 'session') return undefined;
  return transience === 'anonymous' ? ANONYMOUS_SESSION : SESSION;
}

function lifeOfCorrelation({ holders, now, inHand = IN_HAND }: Holding): number {
  return CORRELATION + Math.max(inHand, ...holders.map(({ until }) => until - now));
}

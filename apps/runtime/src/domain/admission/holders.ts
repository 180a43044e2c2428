/** A run that counts against a limit. `at`: since when, in milliseconds since 1970. */
export interface Holder {
  readonly run: string;
  readonly at: number;
}

/** A run that wants to be counted, if there is room below its limit. */
export interface Asker {
  readonly run: string;
  readonly limit: number;
}

/** `held`: it was counted already. */
export type Answer = 'taken' | 'held' | 'full';

export interface Settled {
  /** Longest first; the same list when nothing changed. */
  readonly holders: readonly Holder[];
  /** In the order asked. */
  readonly answers: readonly Answer[];
}

/** Lets those go that leave, then lets in those that ask, in their order. No limit is exceeded, nobody is counted twice. */
export function settle(holders: readonly Holder[], leaving: ReadonlySet<string>, asking: readonly Asker[], now: number): Settled {
  const staying = holders.filter(({ run }) => !leaving.has(run));
  const counted = new Set(staying.map(({ run }) => run));
  const added: Holder[] = [];
  const answers = asking.map(({ run, limit }): Answer => {
    if (counted.has(run)) return 'held';
    if (counted.size >= limit) return 'full';
    counted.add(run);
    added.push({ run, at: now });
    return 'taken';
  });
  const isSame = added.length === 0 && staying.length === holders.length;
  return { holders: isSame ? holders : [...staying, ...added], answers };
}

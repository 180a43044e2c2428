import type { Flush, Marker } from '../../domain/contexts/record';

/** How many runs and keys are remembered; what is forgotten is dropped later, for its age. */
const MOST = 20_000;

/** By run: flushes with a smaller number will not be repeated. */
export type Settled = ReadonlyMap<string, number>;

const NONE: Settled = new Map();

/** Which markers in which contexts nobody will ask for any more, as far as this process wrote them. */
export class Settlements {
  /** By run, then by key: the highest number written. */
  private readonly open = new Map<string, Map<string, number>>();
  private readonly due = new Map<string, Settled>();

  constructor(private readonly most = MOST) {}

  /** A flush of a run is in the context of that key. */
  wrote(key: string, { run, number }: Flush): void {
    const keys = this.open.get(run) ?? new Map<string, number>();
    keys.set(key, Math.max(number, keys.get(key) ?? 0));
    this.open.set(run, keys);
    this.forgetOldest(this.open);
  }

  /** The flushes of the run with a smaller number than `before` will not be repeated. */
  settle(run: string, before: number): void {
    const keys = this.open.get(run) ?? new Map<string, number>();
    for (const [key, highest] of keys) {
      this.due.set(key, new Map(this.due.get(key)).set(run, before));
      if (highest < before) keys.delete(key);
      this.forgetOldest(this.due);
    }
    if (keys.size === 0) this.open.delete(run);
  }

  /** What may be dropped from the context of that key. */
  dueIn(key: string): Settled {
    return this.due.get(key) ?? NONE;
  }

  /** What `dueIn` said was dropped. */
  dropped(key: string, settled: Settled): void {
    if (this.due.get(key) === settled) this.due.delete(key);
  }

  private forgetOldest(map: Map<string, unknown>): void {
    const [oldest] = map.keys();
    if (map.size > this.most && oldest !== undefined) map.delete(oldest);
  }
}

/** Whether a marker is among what may be dropped. */
export function isSettled(settled: Settled, { run, number }: Marker): boolean {
  return number < (settled.get(run) ?? -Infinity);
}

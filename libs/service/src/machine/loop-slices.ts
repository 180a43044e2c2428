import { performance } from 'node:perf_hooks';

/** Milliseconds of work after which the event loop looks who else has come. */
const SLICE = 10;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
}

/** What is told whenever work begins: at what time, and after how many milliseconds in the line. */
export type OnBegin = (now: number, waited: number) => void;

/**
 * Slices of work, one in each turn of the event loop: what asks for its turn begins in the order asked, each after all that the one before
 * does without waiting, and after ten milliseconds the rest waits while the loop reads its sockets.
 */
export class LoopSlices {
  private readonly line: Waiting[] = [];
  private begunAt: number | undefined;

  constructor(private readonly onBegin: OnBegin = () => undefined) {}

  /** Resolves when work may begin; undefined: at once, as nearly always. */
  next(): Promise<void> | undefined {
    const now = performance.now();
    if (this.begunAt === undefined) this.begin(now);
    if (this.line.length === 0 && this.hasTime(now)) {
      this.onBegin(now, 0);
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.line.push({ since: now, begin: resolve });
    return promise;
  }

  /** Milliseconds that the first in the line has waited; undefined: nobody waits. */
  waited(): number | undefined {
    const [first] = this.line;
    return first === undefined ? undefined : performance.now() - first.since;
  }

  private begin(now: number): void {
    this.begunAt = now;
    setImmediate(() => this.end());
  }

  private end(): void {
    this.begunAt = undefined;
    if (this.line.length === 0) return;
    this.begin(performance.now());
    this.work();
  }

  /** Lets one begin, and the next one after all that it does at once. */
  private work(): void {
    const first = this.line.shift();
    if (first === undefined) return;
    const now = performance.now();
    this.onBegin(now, now - first.since);
    first.begin();
    // A tick asked for by a microtask comes when none of those that it led to is left.
    queueMicrotask(() => process.nextTick(() => this.goOn()));
  }

  private goOn(): void {
    if (this.hasTime(performance.now())) this.work();
  }

  private hasTime(now: number): boolean {
    return now - (this.begunAt ?? now) < SLICE;
  }
}

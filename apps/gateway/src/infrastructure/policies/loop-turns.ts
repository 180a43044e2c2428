import { performance } from 'node:perf_hooks';
import { Turns } from '../../application/ports/turns';

/** Milliseconds of work after which the event loop looks who else has come. */
const SLICE = 10;
/** Milliseconds in which everybody must have waited: a burst, or a hitch, makes only some of them wait. */
const WINDOW = 100;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
}

/** Slices of work, one in each turn of the event loop; what is read from sockets between them is refused or waits in line. */
export class LoopTurns extends Turns {
  private readonly line: Waiting[] = [];
  private begunAt: number | undefined;
  private readonly window = { begunAt: 0, least: 0, before: 0 };

  override next(): Promise<void> | undefined {
    const now = performance.now();
    if (this.begunAt === undefined) this.begin(now);
    if (this.line.length === 0 && this.hasTime(now)) {
      this.note(now, 0);
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.line.push({ since: now, begin: resolve });
    return promise;
  }

  override waited(): number {
    const [first] = this.line;
    return first === undefined ? 0 : Math.min(this.window.before, performance.now() - first.since);
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
    this.note(now, now - first.since);
    first.begin();
    // A tick asked for by a microtask comes when none of those that it led to is left.
    queueMicrotask(() => process.nextTick(() => this.goOn()));
  }

  private goOn(): void {
    if (this.hasTime(performance.now())) this.work();
  }

  private note(now: number, waited: number): void {
    const { window } = this;
    window.least = Math.min(window.least, waited);
    if (now < window.begunAt + WINDOW) return;
    window.before = window.least;
    window.least = Infinity;
    window.begunAt = now;
  }

  private hasTime(now: number): boolean {
    return now - (this.begunAt ?? now) < SLICE;
  }
}

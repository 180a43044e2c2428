import type { Chance } from '../time/chance';
import { Pending } from '../time/pending';
import type { Scheduler } from '../time/scheduler';
import { Line } from './line';
import type { Taken } from './taken';

/** Which events may go: one per key at a time, none before it is due. */
export class Lines {
  readonly #byKey = new Map<string, Line>();
  readonly #out = new Map<Taken, Line>();
  readonly #open: Pending<Line>;

  constructor(
    private readonly scheduler: Scheduler,
    chance: Chance | undefined,
    /** Something has become due. */
    private readonly onDue: () => void,
  ) {
    this.#open = new Pending(chance);
  }

  add(taken: Taken): void {
    const line = this.#lineOf(taken.key);
    line.add(taken);
    this.#reopen(line);
  }

  /** Takes out one that may go; its line waits until it is released. */
  next(): Taken | undefined {
    for (let line = this.#open.take(); line !== undefined; line = this.#open.take()) {
      line.isOpen = false;
      const taken = isReady(line, this.scheduler.clock.now()) ? line.takeHead() : undefined;
      if (taken !== undefined) {
        this.#out.set(taken, line);
        return taken;
      }
      this.#reopen(line);
    }
    return undefined;
  }

  /** It is no longer out: the next of its line may go. */
  release(taken: Taken): void {
    const line = this.#out.get(taken);
    if (line === undefined) return;
    this.#out.delete(taken);
    line.out = undefined;
    this.#reopen(line);
  }

  #lineOf(key: string | undefined): Line {
    const known = key === undefined ? undefined : this.#byKey.get(key);
    if (known !== undefined) return known;
    const line = new Line(key);
    if (key !== undefined) this.#byKey.set(key, line);
    return line;
  }

  #reopen(line: Line): void {
    const { head } = line;
    if (line.isOpen || line.out !== undefined) return;
    if (head === undefined) return this.#forget(line);
    if (!isReady(line, this.scheduler.clock.now())) return this.#reopenLater(line, head.dueAt);
    line.isOpen = true;
    this.#open.add(line);
  }

  #reopenLater(line: Line, at: number): void {
    const run = (): void => {
      this.#reopen(line);
      this.onDue();
    };
    this.scheduler.later(at, { run });
  }

  /** Unless another line of that key is there by now. */
  #forget(line: Line): void {
    if (line.key !== undefined && this.#byKey.get(line.key) === line) this.#byKey.delete(line.key);
  }
}

function isReady({ head, out }: Line, now: number): boolean {
  return head !== undefined && out === undefined && head.dueAt <= now;
}

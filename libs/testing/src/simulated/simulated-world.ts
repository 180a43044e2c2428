import type { Clock } from '@millrace/kernel';
import { LogStore } from './event-log/log-store';
import { Misfortune, type Faults } from './faults';
import { EntryStore } from './key-value/entry-store';
import type { Operation } from './link';
import { SimulatedProcess, type Stage } from './simulated-process';
import { Chance } from './time/chance';
import { Scheduler } from './time/scheduler';

const MOST_STEPS = 1_000_000;
const SHOWN = 40;

export interface WorldOptions {
  /** Nothing goes wrong, operations take effect in the order they were asked for, and settle without `run`. */
  readonly calm?: boolean;
  /** When the world begins, milliseconds since 1970. Default 2026-01-01. */
  readonly start?: number;
  /** Milliseconds that a step takes, at most unless calm; 0 (default): time stands still while anything is pending. */
  readonly pace?: number;
  readonly faults?: Partial<Faults>;
  /** Bytes the log may hold. Default 1 GiB. */
  readonly capacity?: number;
  /** Milliseconds to wait after the first, second … failed delivery. Default 1 s, 10 s, 1 min, 10 min. */
  readonly backOff?: readonly number[];
}

/** Hears of the `n`th durable operation of the world (from 1), before it takes effect and after. It may crash `by`: then it does not. */
export type DurableListener = (name: string, n: number, moment: 'before' | 'after', by: SimulatedProcess) => void;

/**
 * Processes on one durable state, in virtual time. Every operation is pending until the world, by its seed, lets it take effect, and once
 * more until its caller learns of it; when nothing is pending, time goes on to the next alarm. The same seed gives the same history, as
 * long as the processes wait for nothing but the ports of the world.
 */
export class SimulatedWorld {
  readonly clock: Clock;
  /** What happened, a line each. Empty in a calm world. */
  readonly history: readonly string[];
  readonly #scheduler: Scheduler;
  readonly #stage: Stage;
  readonly #state: { readonly log: LogStore; readonly entries: EntryStore };
  readonly #listeners = new Set<DurableListener>();
  readonly #lines: string[] = [];
  #writes = 0;
  #born = 0;
  #isRun = false;

  constructor(
    readonly seed: number,
    options: WorldOptions = {},
  ) {
    const { calm = false, start = Date.UTC(2026, 0, 1), pace = 0, capacity = 1024 ** 3 } = options;
    const chance = calm ? undefined : new Chance(seed);
    this.#scheduler = new Scheduler({ chance, start, pace });
    this.clock = this.#scheduler.clock;
    this.history = this.#lines;
    const misfortune = new Misfortune(chance, options.faults);
    const backOff = options.backOff ?? [1_000, 10_000, 60_000, 600_000];
    this.#state = {
      log: new LogStore({ scheduler: this.#scheduler, misfortune, backOff, capacity }),
      entries: new EntryStore(this.#scheduler),
    };
    this.#stage = {
      scheduler: this.#scheduler,
      isCalm: calm,
      perform: (by, operation) => this.#perform(by, operation),
      note: (by, what) => this.#note(by, what),
    };
  }

  /** A new process. It lives until it crashes. */
  process(name = `p${this.#born + 1}`): SimulatedProcess {
    this.#born += 1;
    return new SimulatedProcess(name, this.#stage, this.#state);
  }

  /** Answers how to stop listening. */
  onDurable(listener: DurableListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many durable operations there were. */
  get writes(): number {
    return this.#writes;
  }

  /**
   * Lets things happen until `until` holds; without it, until nothing is left but entries that run out of time. Rejects, with what
   * happened last, when nothing can happen any more or a million steps did not lead there.
   */
  async run(until?: () => boolean): Promise<void> {
    const isThere = until ?? (() => false);
    const goesOn = await this.#steps(isThere, Infinity, until !== undefined);
    if (!goesOn && until !== undefined) throw this.#stuck('Nothing is left to happen, and what was waited for did not');
  }

  /** Lets this much time pass, and everything happen that is due meanwhile. */
  async runFor(milliseconds: number): Promise<void> {
    const end = this.clock.now() + milliseconds;
    await this.#steps(() => this.clock.now() > end, end, true);
    this.#scheduler.clock.moveTo(end);
  }

  /** Runs until `work` is settled, and answers as it does. */
  async finish<T>(work: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    work.then(settle, settle);
    await this.run(() => isSettled);
    return work;
  }

  /** Whether `isThere` came to hold; false: nothing was left to do up to `horizon`. */
  async #steps(isThere: () => boolean, horizon: number, background: boolean): Promise<boolean> {
    if (this.#isRun && !this.#stage.isCalm) throw this.#stuck('The world is run already: await that first');
    this.#isRun = true;
    try {
      return await this.#stepOn(isThere, horizon, background);
    } finally {
      this.#isRun = false;
    }
  }

  async #stepOn(isThere: () => boolean, horizon: number, background: boolean): Promise<boolean> {
    // The first tick leads into a microtask, from where the next one waits for all others.
    await this.#scheduler.quiet();
    this.#scheduler.stir();
    for (let left = MOST_STEPS; left > 0; left--) {
      if (this.#scheduler.isStirred) await this.#scheduler.quiet();
      if (isThere()) return true;
      if (!this.#scheduler.step(horizon, background)) return false;
    }
    throw this.#stuck(`What was waited for did not happen in ${MOST_STEPS} steps`);
  }

  #perform<T>(by: SimulatedProcess, operation: Operation<T>): (() => T) | undefined {
    if (operation.isDurable !== true) return this.#takeEffect(by, operation);
    const n = ++this.#writes;
    if (!this.#survives(operation.name, n, 'before', by)) return undefined;
    const outcome = this.#takeEffect(by, operation);
    return this.#survives(operation.name, n, 'after', by) ? outcome : undefined;
  }

  #takeEffect<T>(by: SimulatedProcess, operation: Operation<T>): () => T {
    const { name, about = '' } = operation;
    try {
      const value = operation.effect();
      this.#note(by, about === '' ? name : `${name} ${about}`);
      return () => value;
    } catch (refusal) {
      this.#note(by, `${name} ${about}: refused`);
      return () => {
        throw refusal;
      };
    }
  }

  /** Whether the process is still there when all listeners have heard. */
  #survives(name: string, n: number, moment: 'before' | 'after', by: SimulatedProcess): boolean {
    for (const listener of [...this.#listeners]) {
      listener(name, n, moment, by);
      this.#scheduler.stir();
    }
    return by.isAlive;
  }

  #note(by: SimulatedProcess, what: string): void {
    if (!this.#stage.isCalm) this.#lines.push(`${this.clock.now()} ${by.name} ${what}`);
  }

  #stuck(what: string): Error {
    return new Error(`${what} (seed ${this.seed}). What happened last:\n${this.#lines.slice(-SHOWN).join('\n')}`);
  }
}

import { AlarmQueue } from './alarm-queue';
import type { Chance } from './chance';
import type { Lane } from './lane';
import { Pending } from './pending';
import { VirtualClock } from './virtual-clock';

/** One thing that can happen next. */
export interface Task {
  /** Tasks of one lane happen in the order they were posted. */
  readonly lane?: Lane<Task> | undefined;
  run(): void;
  /** For a task that runs code of a process. True: not now, it is kept until it is given `back`; those behind it in its lane wait. */
  hold?(): boolean;
}

export interface SchedulerOptions {
  /** Absent: tasks happen in the order they were posted, by themselves, and time is moved from outside only. */
  readonly chance: Chance | undefined;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Milliseconds a task takes, at most if there is chance. */
  readonly pace: number;
}

/** Of so many turns one lets the event loop go on, so that a loop without end can be interrupted. */
const TURNS = 256;

/** What happens next: of all that is pending anything may; when nothing is, time goes on to the next alarm. */
export class Scheduler {
  readonly clock: VirtualClock;
  readonly #pending: Pending<Task>;
  readonly #alarms = new AlarmQueue<Task>();
  #isAwake = false;
  #isStirred = false;
  #turns = 0;

  constructor(private readonly options: SchedulerOptions) {
    this.clock = new VirtualClock(options.start);
    this.#pending = new Pending(options.chance);
  }

  post(task: Task): void {
    if (task.lane?.enter(task) === false) return;
    this.#pending.add(task);
    this.#wake();
  }

  /** Takes a task that was held. */
  back(task: Task): void {
    this.#pending.add(task);
    this.#wake();
  }

  /** Posts the task when the time has come. Answers how to take it back. */
  later(at: number, task: Task, { background = false } = {}): () => void {
    const cancel = this.#alarms.add(at, task, background);
    if (at <= this.clock.now()) this.#wake();
    return cancel;
  }

  /** Lets one thing happen, or time go on to the next alarm, up to `horizon`. False: there is nothing to do until then. */
  step(horizon: number, background: boolean): boolean {
    if (this.#runOne()) return true;
    const at = this.#alarms.next(background);
    if (at === undefined || at > horizon) return false;
    this.clock.moveTo(at);
    return true;
  }

  /** Says that code outside of the world may be at work. */
  stir(): void {
    this.#isStirred = true;
  }

  /** Whether code outside of the world may be at work since it was quiet last. */
  get isStirred(): boolean {
    return this.#isStirred;
  }

  /** Resolves when whoever was told something has done all that could be done about it at once. Called from a microtask. */
  async quiet(): Promise<void> {
    this.#turns += 1;
    if (this.#turns % TURNS === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    // A tick asked for in a microtask comes when no microtask is left.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    this.#isStirred = false;
  }

  #runOne(): boolean {
    const now = this.clock.now();
    for (let due = this.#alarms.takeDue(now); due !== undefined; due = this.#alarms.takeDue(now)) {
      if (due.lane?.enter(due) !== false) this.#pending.add(due);
    }
    const task = this.#pending.take();
    if (task === undefined) return false;
    if (task.hold?.() === true) return true;
    if (task.hold !== undefined || this.options.chance === undefined) this.stir();
    try {
      task.run();
    } finally {
      this.#passOn(task);
    }
    return true;
  }

  #passOn(task: Task): void {
    const next = task.lane?.leave();
    if (next !== undefined) this.#pending.add(next);
    const { chance, pace } = this.options;
    if (pace > 0) this.clock.moveTo(this.clock.now() + (chance?.below(pace + 1) ?? pace));
  }

  /** Without chance there is nothing to choose: what is pending happens without being asked for. */
  #wake(): void {
    if (this.options.chance !== undefined || this.#isAwake) return;
    this.#isAwake = true;
    this.#turns += 1;
    if (this.#turns % TURNS === 0) setImmediate(() => this.#drain());
    else queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    try {
      while (this.#runOne());
    } finally {
      this.#isAwake = false;
      if (this.#pending.size > 0) this.#wake();
    }
  }
}

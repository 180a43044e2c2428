import { Alarms, type Clock } from '@millrace/kernel';
import type { EventLog, KeyValue } from '@millrace/messaging';
import { SimulatedEventLog } from './event-log/simulated-event-log';
import type { LogStore } from './event-log/log-store';
import type { EntryStore } from './key-value/entry-store';
import { SimulatedKeyValue } from './key-value/simulated-key-value';
import type { Fate, Link, Operation } from './link';
import type { Lane } from './time/lane';
import type { Scheduler, Task } from './time/scheduler';

/** What outlives every process. */
export interface DurableState {
  readonly log: LogStore;
  readonly entries: EntryStore;
}

/** Performs operations of processes: takes note of them, and lets hooks crash the process before and after. */
export interface Stage {
  readonly scheduler: Scheduler;
  /** Nothing is to go wrong and nobody chooses: an answer comes with its effect. */
  readonly isCalm: boolean;
  /** How to tell the process; undefined when it did not live to hear. */
  perform<T>(by: SimulatedProcess, operation: Operation<T>): (() => T) | undefined;
  note(by: SimulatedProcess, what: string): void;
}

/** One incarnation of a program: ports of its own on the state that all share. What it had is lost when it crashes. */
export class SimulatedProcess {
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly eventLog: EventLog;
  readonly keyValue: KeyValue;
  readonly #link: ProcessLink;

  constructor(
    readonly name: string,
    stage: Stage,
    state: DurableState,
  ) {
    this.#link = new ProcessLink(this, stage);
    this.clock = stage.scheduler.clock;
    this.alarms = new SimulatedAlarms(this.#link);
    this.eventLog = new SimulatedEventLog(state.log, this.#link);
    this.keyValue = new SimulatedKeyValue(state.entries, this.#link);
  }

  get isAlive(): boolean {
    return this.#link.isAlive;
  }

  get isPaused(): boolean {
    return this.#link.isPaused;
  }

  /**
   * Ends it as `kill -9` does. No operation of it takes effect or is answered any more, no alarm rings, no watch tells. What it had in
   * hand is delivered again, and some of what it had acknowledged last.
   */
  crash(): void {
    this.#link.crash();
  }

  /**
   * Stops it in mid-step, as SIGSTOP does: what it asked for may still take effect, but it learns nothing. Takes long enough, and others
   * get what it has in hand.
   */
  pause(): void {
    this.#link.pause();
  }

  /** Lets it go on as if nothing had happened. */
  resume(): void {
    this.#link.resume();
  }
}

class SimulatedAlarms extends Alarms {
  constructor(private readonly link: Link) {
    super();
  }

  override set(at: number, ring: () => void): () => void {
    return this.link.alarm(at, ring);
  }
}

class ProcessLink implements Link {
  isAlive = true;
  isPaused = false;
  readonly #fates = new Set<Fate>();
  /** How to take back those that have not rung. */
  readonly #alarms = new Set<() => void>();
  /** What would run code of the process while it is paused. */
  #held: Task[] = [];

  constructor(
    private readonly process: SimulatedProcess,
    private readonly stage: Stage,
  ) {}

  get name(): string {
    return this.process.name;
  }

  get isRunning(): boolean {
    return this.isAlive && !this.isPaused;
  }

  now(): number {
    return this.stage.scheduler.clock.now();
  }

  ask<T>(operation: Operation<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const answer = (outcome: () => T): void => {
      try {
        resolve(outcome());
      } catch (refusal) {
        reject(refusal);
      }
    };
    const take = (): void => {
      if (!this.isAlive) return;
      const outcome = this.stage.perform(this.process, operation);
      if (outcome === undefined) return;
      if (this.stage.isCalm && this.isRunning) answer(outcome);
      else this.#post(() => answer(outcome), undefined);
    };
    if (this.isAlive) this.stage.scheduler.post({ lane: operation.lane, run: take });
    return promise;
  }

  tell(name: string, code: () => void, lane?: Lane<Task>): void {
    this.#post(() => this.#run(name, code), lane);
  }

  alarm(at: number, ring: () => void): () => void {
    if (!this.isAlive) return () => undefined;
    const task = this.#inside(() => {
      if (this.#alarms.delete(takeBack)) this.#run('alarm', ring);
    }, undefined);
    const cancel = this.stage.scheduler.later(at, task);
    const takeBack = (): void => {
      this.#alarms.delete(takeBack);
      cancel();
    };
    this.#alarms.add(takeBack);
    return takeBack;
  }

  onFate(fate: Fate): () => void {
    this.#fates.add(fate);
    return () => this.#fates.delete(fate);
  }

  crash(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#held = [];
    this.stage.note(this.process, 'crashes');
    for (const takeBack of [...this.#alarms]) takeBack();
    for (const fate of [...this.#fates]) fate.crashed();
    this.#fates.clear();
  }

  pause(): void {
    if (!this.isRunning) return;
    this.isPaused = true;
    this.stage.note(this.process, 'is paused');
    for (const fate of [...this.#fates]) fate.paused?.();
  }

  resume(): void {
    if (!this.isAlive || !this.isPaused) return;
    this.isPaused = false;
    this.stage.note(this.process, 'goes on');
    for (const task of this.#held.splice(0)) this.stage.scheduler.back(task);
    for (const fate of [...this.#fates]) fate.resumed?.();
  }

  #run(name: string, code: () => void): void {
    this.stage.note(this.process, name);
    code();
  }

  #post(code: () => void, lane: Lane<Task> | undefined): void {
    if (this.isAlive) this.stage.scheduler.post(this.#inside(code, lane));
  }

  /** A task that runs code of the process. */
  #inside(code: () => void, lane: Lane<Task> | undefined): Task {
    const task: Task = {
      lane,
      run: () => {
        if (this.isAlive) code();
      },
      hold: () => {
        if (this.isPaused && this.isAlive) this.#held.push(task);
        return this.isPaused && this.isAlive;
      },
    };
    return task;
  }
}

import type { Durable } from '../../event-log';
import type { StoredLetter } from '../store/dead-table';
import type { StoredEvent } from '../store/stored-event';
import type { Backlog } from './backlog';
import { MOST_HOLD_UPS, Timers, delayAfter } from '../../consume/back-off';
import type { Ending } from '../../consume/hand';
import { AFTER_A_FAILURE } from './run-parts';
import type { RunParts } from './run-parts';
import type { Taken } from './taken';

/** What becomes of an event after a delivery: done, tried again, or buried among the dead letters. */
export class Settlement {
  readonly #retries = new Timers();
  readonly #failing = new Set<Taken>();
  readonly #redriving = new Set<number>();
  readonly #writing = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    private readonly durable: Durable,
    private readonly backlog: Backlog,
    private readonly parts: RunParts,
    /** Something may be handed out again. */
    private readonly onReady: () => void,
  ) {}

  /** How many events failed and are not done. */
  get failing(): number {
    return this.#failing.size;
  }

  settle(taken: Taken, event: StoredEvent, ending: Ending): void {
    if (ending.kind === 'done') return this.#done(taken);
    if (ending.kind === 'away' && taken.letter === undefined && taken.holdUps < MOST_HOLD_UPS) return this.#holdUp(taken);
    const now = this.parts.clock.now();
    taken.fail(ending.reason, now);
    if (taken.letter !== undefined) return this.#failAgain(taken, taken.letter);
    if (ending.kind === 'dead' || this.isExhausted(taken)) return this.bury(taken, event);
    const delay = ending.kind === 'retry' ? ending.delay : delayAfter(taken.attempts, this.parts.backOff);
    this.#delay(taken, delay);
  }

  /** Whether there are no deliveries left. */
  isExhausted(taken: Taken): boolean {
    return this.durable.attempts !== 'unlimited' && taken.attempts >= this.durable.attempts;
  }

  /** Hands it out again after `delay` milliseconds; its key waits meanwhile. */
  later(taken: Taken, delay: number): void {
    taken.event = undefined;
    this.#failing.add(taken);
    this.#retries.after(delay, () => {
      this.backlog.again(taken);
      this.onReady();
    });
  }

  /** Keeps a copy among the dead letters; only then the event is done with. */
  bury(taken: Taken, event: StoredEvent): void {
    const { body, recordedAt, offset } = event;
    const { epoch } = this.parts.contents.limits;
    const now = this.parts.clock.now();
    const { reason, attempts, firstFailedAt = now } = taken;
    const letter = { epoch, offset, recordedAt, body, reason, attempts, firstFailedAt, lastFailedAt: now };
    this.#write(
      () => this.parts.dead.put(this.durable.name, letter),
      () => this.#finish(taken),
    );
  }

  /** False: that letter is on its way already. */
  redrive(letter: StoredLetter): boolean {
    if (this.#redriving.has(letter.seq)) return false;
    this.#redriving.add(letter.seq);
    return true;
  }

  /** The letter stays: its delivery failed without an answer. */
  giveUp(letter: StoredLetter, reason: string): void {
    const failure = { reason, attempts: letter.attempts + 1, lastFailedAt: this.parts.clock.now() };
    this.#write(
      () => this.parts.dead.failAgain(this.durable.name, letter.seq, failure),
      () => undefined,
    );
  }

  /** Tries nothing again; resolves when the dead letters on their way are durable, or refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retries.clear();
    await Promise.all(this.#writing);
  }

  #holdUp(taken: Taken): void {
    taken.holdUp();
    this.#delay(taken, delayAfter(1, this.parts.backOff));
  }

  #delay(taken: Taken, delay: number): void {
    taken.dueAt = this.parts.clock.now() + delay;
    this.backlog.progress.changed(taken);
    this.later(taken, delay);
  }

  #done(taken: Taken): void {
    const { letter } = taken;
    if (letter === undefined) return this.#forget(taken);
    this.#write(
      () => void this.parts.dead.delete(this.durable.name, letter.seq),
      () => this.#finish(taken),
    );
  }

  #failAgain(taken: Taken, letter: StoredLetter): void {
    const failure = { reason: taken.reason, attempts: taken.attempts, lastFailedAt: this.parts.clock.now() };
    this.#write(
      () => this.parts.dead.failAgain(this.durable.name, letter.seq, failure),
      () => this.#finish(taken),
    );
  }

  #finish(taken: Taken): void {
    if (taken.letter !== undefined) this.#redriving.delete(taken.letter.seq);
    this.#forget(taken);
    this.onReady();
  }

  #forget(taken: Taken): void {
    this.#failing.delete(taken);
    this.backlog.finish(taken);
  }

  /** Tries until the store takes it. */
  #write(write: () => void, onDurable: () => void): void {
    const written = this.parts.commit.run(write, onDurable).catch((fault: unknown) => {
      this.parts.onFault(`a dead letter of "${this.durable.name}" could not be written`, fault);
      if (!this.#stopped) this.#retries.after(AFTER_A_FAILURE, () => this.#write(write, onDurable));
    });
    this.#writing.add(written);
    void written.then(() => this.#writing.delete(written));
  }
}

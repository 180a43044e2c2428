import { MOST_HOLD_UPS, Timers, delayAfter } from '../../consume/back-off';
import type { Ending } from '../../consume/hand';
import type { Durable } from '../../event-log';
import { MOST_PENDING } from '../server/wanted';
import { TERM } from './answers';
import type { FailureRecords } from './failures';
import type { Held } from './held';
import type { Letter } from '../letters/letters';
import { AFTER_A_FAILURE } from './run-parts';
import type { RunParts } from './run-parts';

/** Events behind one key at which the first of them goes to the dead letters, so that the rest of its lane is not stopped with it. */
const MOST_BEHIND = MOST_PENDING / 2;

/** What becomes of an event after a delivery: done, tried again, or buried among the dead letters. */
export class Settlement {
  readonly #retries = new Timers();
  readonly #writing = new Set<Promise<void>>();
  #stopped = false;

  constructor(
    private readonly durable: Durable,
    private readonly failures: FailureRecords,
    private readonly parts: RunParts,
    /** It may be handed out again. */
    private readonly onReady: (held: Held) => void,
  ) {}

  settle(held: Held, ending: Ending): void {
    if (ending.kind === 'done') return this.#done(held);
    if (ending.kind === 'away' && held.letter === undefined && held.holdUps < MOST_HOLD_UPS) return this.#holdUp(held);
    const now = this.parts.clock.now();
    held.fail(ending.reason, now);
    if (held.letter !== undefined) return this.#failAgain(held, held.letter);
    if (ending.kind === 'dead' || this.isExhausted(held)) return this.bury(held);
    const delay = ending.kind === 'retry' ? ending.delay : delayAfter(held.attempts, this.parts.backOff);
    held.dueAt = now + delay;
    this.#remember(held);
    this.later(held, delay);
  }

  /** Whether there are no deliveries left. */
  isExhausted({ attempts }: Held): boolean {
    return this.durable.attempts !== 'unlimited' && attempts >= this.durable.attempts;
  }

  /** Hands it out again after `delay` milliseconds; its key waits meanwhile, unless too much waits with it. */
  later(held: Held, delay: number): void {
    held.source.waits(held);
    if (this.crowded(held)) return;
    this.#retries.after(delay, () => {
      if (!held.isWaiting) return;
      held.source.waitsNoMore(held);
      this.onReady(held);
    });
  }

  /** Buries an event that failed when more waits behind it than is good for its lane; whether it did. What was only held up has not failed. */
  crowded(held: Held): boolean {
    if (this.durable.attempts === 'unlimited' || held.letter !== undefined || held.isHeldUp || held.attempts === 0) return false;
    if (!held.isWaiting || held.source.behind(held) <= MOST_BEHIND) return false;
    held.reason = `log.key_overflow: more than ${MOST_BEHIND} events wait for this one. It failed with: ${held.reason}`;
    this.bury(held);
    return true;
  }

  /** Keeps a copy among the dead letters; only then the event is done with. */
  bury(held: Held): void {
    held.source.waitsNoMore(held);
    const now = this.parts.clock.now();
    const { reason, attempts, firstFailedAt = now, event } = held;
    const letter = { reason, attempts, firstFailedAt, lastFailedAt: now, ...placeOf(held), body: event.body };
    this.#write(
      held,
      () => this.parts.letters.put(this.durable.name, letter),
      () => this.#finish(held, TERM),
    );
  }

  /** A delivery begins that the process may die of: it is counted before. */
  async begin(held: Held): Promise<void> {
    held.isBegun = held.hasRecord = true;
    await this.failures.put(held, true);
  }

  /** Gives an event back that nobody has in hand any more; it is as if it had never come here. */
  giveBack(held: Held): void {
    const { letter, source } = held;
    const isMarked = letter !== undefined || held.isBegun;
    if (!isMarked) return source.giveBack(held);
    const unmark = (): Promise<void> =>
      letter === undefined ? this.failures.put(held, false) : this.parts.letters.put(this.durable.name, { ...letter, isBegun: false });
    this.#write(held, unmark, () => source.giveBack(held));
  }

  /** Tries nothing again; resolves when what is on its way is durable, or refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retries.clear();
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  #done(held: Held): void {
    const { letter } = held;
    if (letter === undefined) return this.#finish(held);
    this.#endRedrive(held, () => this.parts.letters.delete(this.durable.name, letter.sequence));
  }

  #failAgain(held: Held, letter: Letter): void {
    const { reason, attempts } = held;
    const failed = { ...letter, body: held.event.body, reason, attempts, lastFailedAt: this.parts.clock.now(), isBegun: false };
    this.#endRedrive(held, () => this.parts.letters.put(this.durable.name, failed));
  }

  #endRedrive(held: Held, end: () => Promise<unknown>): void {
    const write = async (): Promise<void> => {
      await end();
      await this.parts.letters.redriven(held.redrive);
    };
    this.#write(held, write, () => held.source.finish(held));
  }

  #finish(held: Held, answer?: Uint8Array): void {
    held.source.finish(held, answer);
    if (held.hasRecord)
      this.#write(
        held,
        () => this.failures.delete(held.offset),
        () => undefined,
      );
  }

  /** What it needs is away: that counts for nothing, but whoever handles it next may not be the first. */
  #holdUp(held: Held): void {
    const delay = delayAfter(1, this.parts.backOff);
    held.isAgain = held.isHeldUp = true;
    held.holdUps += 1;
    held.dueAt = this.parts.clock.now() + delay;
    if (held.isBegun) this.#remember(held);
    this.later(held, delay);
  }

  #remember(held: Held): void {
    held.isBegun = false;
    held.hasRecord = true;
    this.#write(
      held,
      () => this.failures.put(held, false),
      () => undefined,
    );
  }

  /** Tries until the servers take it, as long as the event is ours. */
  #write(held: Held, write: () => Promise<unknown>, onDurable: () => void): void {
    const written = write().then(onDurable, (fault: unknown) => {
      this.parts.onFault(`what became of an event of "${this.durable.name}" could not be written`, fault);
      if (!this.#stopped && !held.isLost) this.#retries.after(AFTER_A_FAILURE, () => this.#write(held, write, onDurable));
    });
    this.#writing.add(written);
    void written.then(() => this.#writing.delete(written));
  }
}

function placeOf({ event }: Held): Pick<Letter, 'epoch' | 'sequence'> {
  return { epoch: event.event.position.epoch, sequence: event.sequence };
}

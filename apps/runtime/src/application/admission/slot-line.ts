import type { Alarms, Clock } from '@millrace/kernel';
import type { Bucket, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { settle, type Answer, type Asker, type Holder, type Settled } from '../../domain/admission/holders';
import { replace } from './replace';

/** What is done with a run that finds no slot: it waits, is left out, is refused, or the oldest is cancelled for it. */
export type SlotPolicy = 'queue' | 'skip' | 'reject' | 'cancel';

/** `held`: the run had it already. */
export type SlotAnswer = 'taken' | 'held' | 'skipped' | 'rejected';

export interface SlotAsker extends Asker {
  readonly policy: SlotPolicy;
  /** Aborted: nobody waits any more. */
  readonly signal: AbortSignal;
}

export interface SlotParts {
  /** Has no other use. */
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
  /**
   * Whether a run has not ended, as far as is known. Asked about holders when all slots are held; a rejection counts as yes. A run that
   * another instance has in hand may have left no trace but its slot: only its age (`at`) tells whether it can still be going on.
   */
  readonly isAlive: (holder: Holder) => Promise<boolean>;
  /** Asks for the end of a run, which frees its slot. Asked again while somebody waits for that. */
  readonly cancelRun: (run: string) => Promise<void>;
}

interface Slot {
  readonly holders: readonly Holder[];
}

interface Waiter extends SlotAsker {
  answer(this: void, answer: SlotAnswer): void;
  fail(this: void, error: unknown): void;
  onAbort(this: void): void;
}

interface Leaver {
  readonly run: string;
  done(this: void): void;
  fail(this: void, error: unknown): void;
}

const NOBODY: readonly Holder[] = [];
const IGNORE = (): void => undefined;
/** How long a run that ended without a word may keep others waiting, in milliseconds. */
const CHECKED_EVERY = 10_000;
/** Holders asked after at a time. */
const CHECKED_AT_ONCE = 32;

/**
 * Those of this process who want something of one record of slots. All they want goes into one write, first come, first served; whoever
 * finds it full waits for the record to change. The line is over when nobody stands in it.
 */
export class SlotLine {
  private readonly waiters = new Set<Waiter>();
  private leavers: readonly Leaver[] = [];
  private readonly cancelled = new Set<string>();
  private watch: Watch | undefined;
  private stopAlarm: (() => void) | undefined;
  private checkedAt = -Infinity;
  private revision = 0;
  private isAtWork = false;
  private isCalled = false;

  constructor(
    private readonly key: string,
    private readonly parts: SlotParts,
    private readonly onOver: () => void,
  ) {}

  get waiting(): number {
    return this.waiters.size;
  }

  /** Resolves when the run has a slot or is turned away. Rejects with the signal's reason, nothing taken; or as the bucket does. */
  take(asker: SlotAsker): Promise<SlotAnswer> {
    return new Promise<SlotAnswer>((resolve, reject) => {
      const waiter: Waiter = { ...asker, answer: resolve, fail: reject, onAbort: () => this.onAbort(waiter) };
      asker.signal.addEventListener('abort', waiter.onAbort);
      this.waiters.add(waiter);
      this.call();
    });
  }

  /** Resolves when the run has no slot any more. Rejects as the bucket does. */
  free(run: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.lets({ run, done: resolve, fail: reject });
    });
  }

  private lets(...leavers: readonly Leaver[]): void {
    this.leavers = [...this.leavers, ...leavers];
    this.call();
  }

  private onAbort(waiter: Waiter): void {
    // At work: the write under way may give it a slot, which has to be given back first.
    if (this.isAtWork || !this.waiters.has(waiter)) return;
    this.dismiss(waiter);
    this.endIfEmpty();
  }

  private call(): void {
    this.isCalled = true;
    if (!this.isAtWork) void this.work();
  }

  private async work(): Promise<void> {
    this.isAtWork = true;
    while (this.isCalled) {
      this.isCalled = false;
      await this.pass();
      for (const waiter of this.waiters) if (waiter.signal.aborted) this.dismiss(waiter);
    }
    this.isAtWork = false;
    this.endIfEmpty();
  }

  private async pass(): Promise<void> {
    const waiters = [...this.waiters];
    const { leavers } = this;
    this.leavers = [];
    try {
      const { holders, answers } = await this.write(new Set(leavers.map(({ run }) => run)), waiters);
      for (const { done } of leavers) done();
      const full = waiters.filter((waiter, index) => !this.tell(waiter, answers[index]));
      if (full.length > 0) await this.turnAway(full, holders);
      if (this.waiters.size > 0) await this.listen();
    } catch (error) {
      for (const { fail } of [...leavers, ...this.waiters]) fail(error);
      for (const waiter of this.waiters) this.forget(waiter);
    }
  }

  private async write(leaving: ReadonlySet<string>, waiters: readonly Waiter[]): Promise<Settled> {
    const now = this.parts.clock.now();
    const { answer, revision } = await replace<Slot, Settled>(this.parts.bucket, this.key, (slot) => {
      const before = slot?.holders ?? NOBODY;
      const settled = settle(before, leaving, waiters, now);
      if (settled.holders === before) return { keep: slot, answer: settled };
      return { keep: settled.holders.length === 0 ? undefined : { holders: settled.holders }, answer: settled };
    });
    this.revision = revision;
    return answer;
  }

  /** Tells who has got a slot. False: it found none. */
  private tell(waiter: Waiter, answer: Answer | undefined): boolean {
    if (answer === undefined || answer === 'full') return false;
    const { run, signal } = waiter;
    if (!signal.aborted) this.answer(waiter, answer);
    else if (answer === 'held') this.dismiss(waiter);
    else {
      this.forget(waiter);
      this.lets({ run, done: () => waiter.fail(signal.reason), fail: waiter.fail });
    }
    return true;
  }

  /** Deals with those who found it full, unless a slot is held by nobody. */
  private async turnAway(full: readonly Waiter[], holders: readonly Holder[]): Promise<void> {
    const dead = await this.dead(holders);
    if (dead.length > 0) return this.lets(...dead.map(({ run }) => ({ run, done: IGNORE, fail: IGNORE })));
    let cancelling = 0;
    for (const waiter of full) {
      if (waiter.policy === 'cancel') cancelling++;
      if (waiter.policy === 'skip') this.answer(waiter, 'skipped');
      if (waiter.policy === 'reject') this.answer(waiter, 'rejected');
    }
    for (const { run } of holders.slice(0, cancelling)) this.cancel(run);
  }

  /** Some holders that have ended, if there are any; looked for now and then only. */
  private async dead(holders: readonly Holder[]): Promise<readonly Holder[]> {
    const now = this.parts.clock.now();
    if (Math.abs(now - this.checkedAt) < CHECKED_EVERY) return NOBODY;
    this.checkedAt = now;
    this.cancelled.clear();
    for (let start = 0; start < holders.length; start += CHECKED_AT_ONCE) {
      const asked = holders.slice(start, start + CHECKED_AT_ONCE);
      const alive = await Promise.all(asked.map((holder) => this.isAlive(holder)));
      const dead = asked.filter((_, index) => alive[index] === false);
      if (dead.length > 0) return dead;
    }
    return NOBODY;
  }

  private async isAlive(holder: Holder): Promise<boolean> {
    try {
      return await this.parts.isAlive(holder);
    } catch (error) {
      this.parts.log.warn('Whether a run that holds a slot has ended cannot be found out; it keeps the slot.', { error, run: holder.run });
      return true;
    }
  }

  private cancel(run: string): void {
    if (this.cancelled.has(run)) return;
    this.cancelled.add(run);
    this.parts.cancelRun(run).catch((error: unknown) => {
      this.parts.log.warn('A run cannot be cancelled for a newer one; trying again.', { error, run });
    });
  }

  private answer(waiter: Waiter, answer: SlotAnswer): void {
    this.forget(waiter);
    waiter.answer(answer);
  }

  private dismiss(waiter: Waiter): void {
    this.forget(waiter);
    waiter.fail(waiter.signal.reason);
  }

  private forget(waiter: Waiter): void {
    this.waiters.delete(waiter);
    waiter.signal.removeEventListener('abort', waiter.onAbort);
  }

  /** Calls when the record is another than the one seen, or when it is time to look for dead holders again. */
  private async listen(): Promise<void> {
    const { alarms, bucket } = this.parts;
    this.stopAlarm ??= alarms.set(this.checkedAt + CHECKED_EVERY, () => {
      this.stopAlarm = undefined;
      this.call();
    });
    this.watch ??= await bucket.watch(this.key, ({ key, revision }) => {
      if (key === this.key && revision > this.revision) this.call();
    });
  }

  private endIfEmpty(): void {
    if (this.waiters.size > 0 || this.leavers.length > 0) return;
    this.onOver();
    this.stopAlarm?.();
    this.watch?.stop().catch(IGNORE);
    this.watch = this.stopAlarm = undefined;
  }
}

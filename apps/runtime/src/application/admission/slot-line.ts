import type { Alarms, Clock } from '@millrace/kernel';
import type { Bucket, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { settle, type Answer, type Asker, type Holder } from '../../domain/admission/holders';
import { replace } from './replace';

/** What is done with a run that finds no slot: it waits, is left out, is refused, or the oldest has to go for it. */
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
  /** Whether the run has not ended, as far as is known. Asked when all slots are held, of runs that are not in hand here. */
  readonly isAlive: (holder: Holder) => Promise<boolean>;
  /** Asks for the end of a run; its slot is freed when it has ended. May be asked more than once. */
  readonly cancelRun: (run: string) => Promise<void>;
}

interface Slot {
  readonly holders: readonly Holder[];
}

interface Waiter extends SlotAsker {
  answer(this: void, answer: SlotAnswer): void;
  fail(this: void, error: unknown): void;
}

interface Leaver {
  readonly run: string;
  done(this: void): void;
  fail(this: void, error: unknown): void;
}

/** How long a run that ended without a word may keep others waiting, in milliseconds. */
const CHECKED_EVERY = 10_000;

/**
 * Those of this process who want something of one record of slots. Everything they want goes into one write, first come, first served;
 * whoever finds it full waits for the record to change. The line is over when nobody stands in it.
 */
export class SlotLine {
  private waiters: readonly Waiter[] = [];
  private leavers: readonly Leaver[] = [];
  private readonly cancelled = new Set<string>();
  private watch: Watch | undefined;
  private stopAlarm = (): void => undefined;
  private checkedAt = -Infinity;
  private revision = 0;
  private isAtWork = false;
  private isCalled = false;

  constructor(
    private readonly key: string,
    private readonly parts: SlotParts,
    private readonly onEmpty: () => void,
  ) {}

  get waiting(): number {
    return this.waiters.length;
  }

  /** Resolves when the run has a slot or is turned away; rejects with the signal's reason, or as the bucket does. */
  take(asker: SlotAsker): Promise<SlotAnswer> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.remove(waiter);
        reject(asker.signal.reason);
        this.call();
      };
      const settled = <V>(then: (value: V) => void) => (value: V): void => {
        asker.signal.removeEventListener('abort', leave);
        then(value);
      };
      const waiter: Waiter = { ...asker, answer: settled(resolve), fail: settled(reject) };
      asker.signal.addEventListener('abort', leave, { once: true });
      this.waiters = [...this.waiters, waiter];
      this.call();
    });
  }
}

import { DomainError, type Alarms, type Clock } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { backOff } from '../../domain/timers/back-off';
import { readTimerKey, type TimerKey } from '../../domain/timers/timer-key';

export interface TimersParts {
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
}

interface Held extends TimerKey {
  readonly key: string;
  readonly revision: number;
  /** How often firing it has failed. */
  readonly failed: number;
  cancel(this: void): void;
}

/** The entries in memory: each fires at its time, stays until it has been seen to, and is then deleted if it is still the same. */
export class HeldTimers {
  private readonly held = new Map<string, Held>();
  /** The keys of what is held, by name. */
  private readonly keys = new Map<string, Set<string>>();
  /** By name: what is in hand. */
  private readonly inHand = new Map<string, Promise<void>>();
  private fire: (name: string) => Promise<void> = () => Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: TimersParts) {}

  /** To be called before the first entry is held. */
  start(fire: (name: string) => Promise<void>): void {
    this.fire = fire;
  }

  /** Takes an entry in; one that is known at that revision, or a later one, is left as it is. */
  hold(key: string, revision: number): void {
    const known = this.held.get(key);
    const timer = readTimerKey(key);
    if (timer === undefined || (known !== undefined && known.revision >= revision)) return;
    known?.cancel();
    this.arm({ ...timer, key, revision, failed: 0 }, timer.due);
  }

  /** Lets an entry go that was deleted at that revision. What is in hand is seen to all the same. */
  drop(key: string, revision: number): void {
    const known = this.held.get(key);
    if (known === undefined || known.revision >= revision) return;
    known.cancel();
    this.forget(known);
  }

  /** The keys of the entries held for a name and time. */
  keysOf(name: string, due: number): readonly string[] {
    return [...(this.keys.get(name) ?? [])].filter((key) => this.held.get(key)?.due === due);
  }

  /** The first minute under which an entry is held; infinite when none is. */
  firstMinute(): number {
    let first = Infinity;
    for (const { minute } of this.held.values()) first = Math.min(first, minute);
    return first;
  }

  /** Fires nothing more; resolves when what is in hand has been seen to. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const { cancel } of this.held.values()) cancel();
    await Promise.all(this.inHand.values());
  }

  private arm(timer: Omit<Held, 'cancel'>, at: number): void {
    const cancel = this.stopped ? () => undefined : this.parts.alarms.set(at, () => this.ring(timer.key));
    this.held.set(timer.key, { ...timer, cancel });
    this.keys.set(timer.name, (this.keys.get(timer.name) ?? new Set<string>()).add(timer.key));
  }

  private forget({ key, name }: Held): void {
    this.held.delete(key);
    const keys = this.keys.get(name);
    keys?.delete(key);
    if (keys?.size === 0) this.keys.delete(name);
  }

  /** Sees to an entry, after whatever of its name is in hand. */
  private ring(key: string): void {
    const timer = this.held.get(key);
    if (timer === undefined || this.stopped) return;
    const before = this.inHand.get(timer.name);
    if (before !== undefined) {
      void before.then(() => this.ring(key));
      return;
    }
    const work = this.see(timer).finally(() => this.inHand.delete(timer.name));
    this.inHand.set(timer.name, work);
  }

  private async see(timer: Held): Promise<void> {
    try {
      if (timer.failed === 0 || (await this.isStillSet(timer))) await this.fire(timer.name);
      await this.remove(timer);
    } catch (error) {
      this.tryAgain(timer, error);
    }
  }

  private async isStillSet({ key, revision }: Held): Promise<boolean> {
    return (await this.parts.bucket.get(key))?.revision === revision;
  }

  /** Deletes the entry as it was fired. One that was set again meanwhile is held anew. */
  private async remove(timer: Held): Promise<void> {
    try {
      await this.parts.bucket.delete(timer.key, timer.revision);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const entry = await this.parts.bucket.get(timer.key);
      if (entry !== undefined) return this.hold(timer.key, entry.revision);
    }
    if (this.held.get(timer.key)?.revision === timer.revision) this.forget(timer);
  }

  private tryAgain(timer: Held, error: unknown): void {
    const { key, name, due } = timer;
    this.parts.log.warn('A timer could not be seen to; it fires again.', { error, name, due });
    if (this.held.get(key) !== timer) return;
    const failed = timer.failed + 1;
    this.arm({ ...timer, failed }, this.parts.clock.now() + backOff(failed));
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'kv.revision_conflict';
}

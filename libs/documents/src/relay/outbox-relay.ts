import { setTimeout } from 'node:timers/promises';
import { DomainError, type Clock } from '@millrace/kernel';
import type { EventLog, Position } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { Outbox, OutboxEntry } from '../outbox';
import { relayStopped } from '../refusals';
import { Waiting } from './waiting';

const BATCH = 256;
const MARK_LASTS = 60_000;
const FIRST_DELAY = 100;
const LONGEST_DELAY = 2_000;

export interface RelayOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How to wait between attempts, in milliseconds; ends early, without failing, when the signal does. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Moves the events of an outbox to the log: in the order of their writes, at least once, at once after each write, again after
 * 0.1 to 2 s while the log is away. Before anything is attempted the log's position is kept, and a repeat passes it on, so that the log
 * knows an event again however late the repeat is. One relay per outbox and process; of several processes, the one whose term it is
 * moves what all of them wrote.
 */
export class OutboxRelay {
  private readonly stopping = new AbortController();
  private readonly waiting = new Waiting();
  private readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  private loop: Promise<void> | undefined;
  private written = false;
  private wake: () => void = () => undefined;
  private kept: { readonly position: Position; readonly at: number } | undefined;
  // What is pending when a term begins may have been attempted before, by a process that died.
  private attempted = true;
  private term: string | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly events: EventLog,
    private readonly options: RelayOptions,
  ) {
    this.wait = options.wait ?? pause;
  }

  /** Begins with what earlier processes left. */
  start(): void {
    this.loop ??= this.run();
  }

  /**
   * Resolves when everything written before the call is on the log; waits as long as the log is away, unless `signal` ends it.
   * `documents.relay_stopped` when the relay stops first.
   */
  async drain(signal?: AbortSignal): Promise<void> {
    const newest = await this.outbox.newest();
    if (newest === undefined) return;
    if (this.stopping.signal.aborted) throw relayStopped();
    const reached = this.waiting.until(newest, signal);
    this.look();
    await reached;
  }

  /** Finishes the batch in hand. What is left waits for the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    this.waiting.fail(relayStopped());
  }

  private async run(): Promise<void> {
    const unsubscribe = this.outbox.onWrite(() => this.look());
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        const moved = await this.moveBatch();
        failures = 0;
        if (!moved) await this.nextWrite();
      } catch (error) {
        failures += 1;
        this.options.log.warn('Events wait in the outbox: they could not be moved.', { failures, error });
        await this.wait(Math.min(FIRST_DELAY * 2 ** (failures - 1), LONGEST_DELAY), this.stopping.signal);
      }
    }
    unsubscribe();
  }

  /** Whether there may be more to move. */
  private async moveBatch(): Promise<boolean> {
    this.written = false;
    const term = await this.begin();
    if (term === undefined && this.waiting.empty) return false;
    const entries = await this.read();
    if (entries.length === 0) this.attempted = false;
    if (entries.length === 0 || term === undefined) return false;
    const mark = await this.keepMark();
    // A process that was stopped on the way must not repeat, long after, what another did in its place.
    if ((await this.outbox.term()) !== term) return true;
    const since = this.attempted ? mark : undefined;
    this.attempted = true;
    const reached = (await this.append(entries, since)) ?? mark;
    await this.outbox.done(
      entries.map(({ id }) => id),
      reached,
    );
    this.attempted = false;
    this.kept = { position: reached, at: this.options.clock.now() };
    return true;
  }

  private async begin(): Promise<string | undefined> {
    const term = await this.outbox.term();
    if (term !== this.term) {
      this.attempted = true;
      this.kept = undefined;
    }
    this.term = term;
    return term;
  }

  /** The oldest entries; whoever waited for older ones when it began to look need not wait any more. */
  private async read(): Promise<readonly OutboxEntry[]> {
    const passed = this.waiting.beforeLooking();
    const entries = await this.outbox.pending(BATCH);
    passed(entries[0]?.id);
    return entries;
  }

  /** A position, kept in the outbox, that lies before the first attempt of everything pending; recent, as a repeat looks through the log from there. */
  private async keepMark(): Promise<Position> {
    const { clock } = this.options;
    const known = this.kept ?? (await this.markOfEarlierProcess());
    if (known !== undefined && (this.attempted || clock.now() - known.at < MARK_LASTS)) return known.position;
    const { epoch, last } = await this.events.range();
    const position = { epoch, offset: last };
    await this.outbox.keepMark(position);
    this.kept = { position, at: clock.now() };
    return position;
  }

  private async markOfEarlierProcess(): Promise<{ readonly position: Position; readonly at: number } | undefined> {
    const position = await this.outbox.mark();
    return position === undefined ? undefined : { position, at: Number.NEGATIVE_INFINITY };
  }

  /** Where the log is after these entries. One that it refuses for what it is is set aside; the others go on. */
  private async append(entries: readonly OutboxEntry[], since: Position | undefined): Promise<Position | undefined> {
    try {
      const events = entries.map(({ event }) => event);
      const appended = await (since === undefined ? this.events.append(events) : this.events.append(events, { since }));
      return appended.at(-1)?.position;
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal !== 'invalid') throw error;
      return this.isolate(entries, since, error);
    }
  }

  private async isolate(entries: readonly OutboxEntry[], since: Position | undefined, error: DomainError): Promise<Position | undefined> {
    const [only, ...others] = entries;
    if (only !== undefined && others.length === 0) {
      const { id, type } = only.event;
      this.options.log.error('An event was set aside: the log refuses it for what it is.', { event: id, type, error });
      await this.outbox.setAside(only.id, error.message);
      return undefined;
    }
    const middle = Math.ceil(entries.length / 2);
    const first = await this.append(entries.slice(0, middle), since);
    return (await this.append(entries.slice(middle), since)) ?? first;
  }

  private look(): void {
    this.written = true;
    this.wake();
  }

  private nextWrite(): Promise<void> {
    if (this.written || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

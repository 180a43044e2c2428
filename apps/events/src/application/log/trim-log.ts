import type { Clock } from '@millrace/kernel';
import type { DurableStanding, EventLog, Position } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { alertAt, cutForSize } from '../../domain/log/cut';
import type { Leases } from '../ports/leases';
import type { LogNews } from './log-news';

const LEASE = 'log-trimming';
/** Milliseconds after which another instance goes on when the one that trimmed is gone: longer than the rest between two trimmings. */
const LEASE_LIFE = 90_000;

export interface TrimParts {
  readonly eventLog: EventLog;
  readonly leases: Leases;
  readonly news: LogNews;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds that events are kept at most, and as a rule. */
  readonly keep: number;
  /** Durables that nobody consumes any more. */
  readonly abandoned: readonly string[];
}

/**
 * Keeps the log at its size: what is too old goes, and while the log is too large what is oldest; but nothing that a durable has still to do.
 * Says so when the log fills all the same. It remembers nothing of what it has trimmed: whatever stopped it, it begins again.
 */
export class TrimLog {
  /** The alert given last, 0 when there is nothing to be told. */
  private alerted = 0;

  constructor(private readonly parts: TrimParts) {}

  /** Answers how many events are gone: none when another instance does it. */
  async run(): Promise<number> {
    const { eventLog, leases, abandoned } = this.parts;
    if (!(await leases.take(LEASE, LEASE_LIFE))) return 0;
    const before = await this.cut();
    const gone = before === undefined ? 0 : await eventLog.trim(before, { abandoned });
    await this.alert();
    return gone;
  }

  /** Lets another instance go on at once. */
  giveUp(): Promise<void> {
    return this.parts.leases.giveUp(LEASE);
  }

  /** The position before which nothing need be kept; undefined when that is nothing. */
  private async cut(): Promise<Position | undefined> {
    const { eventLog, clock, keep } = this.parts;
    const { epoch, ...held } = await eventLog.range();
    const forAge = await eventLog.at(clock.now() - keep);
    const forSize = cutForSize(held);
    const offset = forAge.offset > forSize ? forAge.offset : forSize;
    return offset > held.first ? { epoch, offset } : undefined;
  }

  /** Once for each level that is reached, and again only after the log was below all of them. */
  private async alert(): Promise<void> {
    const { eventLog, news, log } = this.parts;
    const { bytes, capacity } = await eventLog.range();
    const level = alertAt({ bytes, capacity });
    if (level === 0) this.alerted = 0;
    if (level <= this.alerted) return;
    this.alerted = level;
    const percent = Math.floor((bytes / capacity) * 100);
    const durable = this.slowest(await eventLog.durables());
    log.warn(`The event log is ${percent} % full.`, { percent, waitsFor: durable });
    await news.tell('events.log.filling', { percent, ...(durable !== undefined && { waitsFor: durable }) });
  }

  /** The durable that the trimming waits for. */
  private slowest(durables: readonly DurableStanding[]): string | undefined {
    const { abandoned } = this.parts;
    const waiting = durables.flatMap(({ name, undone }) => (undone === undefined || abandoned.includes(name) ? [] : [{ name, undone }]));
    return waiting.reduce((one, other) => (other.undone.offset < one.undone.offset ? other : one), waiting[0] ?? NOBODY).name;
  }
}

const NOBODY = { name: undefined, undone: { epoch: '', offset: 0n } };

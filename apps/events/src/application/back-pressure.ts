import { DomainError, type Clock } from '@millrace/kernel';
import type { EventLog } from '@millrace/messaging';
import { AppendSpeed } from '../domain/log/append-speed';

const CLOSED_ABOVE = 0.8;
const BELIEVED_FOR = 1_000;

/** Closes the door to clients while the log is more than four fifths full, so that what services have to say still fits, and while it is slow. */
export class BackPressure {
  private readonly speed = new AppendSpeed();
  private askedAt = Number.NEGATIVE_INFINITY;
  /** How full the log is, 0 to 1. Those who ask while it is being found out wait for it in their order. */
  private share = Promise.resolve(0);

  constructor(
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
    /** Told when the log is found that full: at most once a second. */
    private readonly onFilling: () => void = () => undefined,
  ) {}

  /** Refuses with `events.log_filling`. How full the log said it is counts for a second. */
  async check(): Promise<void> {
    const now = this.clock.now();
    if (this.speed.isSlow(now)) throw slow();
    if (now - this.askedAt >= BELIEVED_FOR) {
      this.askedAt = now;
      this.share = this.ask();
    }
    const share = await this.share;
    if (share >= CLOSED_ABOVE) throw filling(Math.floor(share * 100));
  }

  /** Does an append that `check` let through: how long it takes counts. A log that was full before anybody looked again is refused as one that fills. */
  async measure<T>(append: () => Promise<T>): Promise<T> {
    const end = this.speed.begin(this.clock.now());
    try {
      return await append();
    } catch (error) {
      throw this.refusalOf(error);
    } finally {
      end(this.clock.now());
    }
  }

  private refusalOf(error: unknown): unknown {
    if (!(error instanceof DomainError) || error.code !== 'log.full') return error;
    this.onFilling();
    return filling(100);
  }

  private async ask(): Promise<number> {
    const { bytes, capacity } = await this.eventLog.range();
    const share = bytes / capacity;
    if (share >= CLOSED_ABOVE) this.onFilling();
    return share;
  }
}

function filling(percent: number): DomainError {
  return new DomainError(
    'events.log_filling',
    'unavailable',
    `The event log is ${percent} % full and takes nothing more from clients for now. Try again in a minute.`,
    { facts: { percent, retryAfter: 60 } },
  );
}

function slow(): DomainError {
  return new DomainError(
    'events.log_filling',
    'unavailable',
    'The event log is slow: it takes over two seconds for what it is given, and so nothing more from clients for now. Try again in ten seconds.',
    { facts: { retryAfter: 10 } },
  );
}

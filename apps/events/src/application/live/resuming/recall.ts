import type { EventLog, LoggedEvent } from '@millrace/messaging';
import type { RecentEvents } from '../../../domain/live/recent-events';
import type { LiveEvent } from '../live-event';

/** Offsets beyond what was asked for: whoever else comes back had come about as far. */
const MARGIN = 500n;

export interface RecallParts {
  readonly eventLog: Pick<EventLog, 'read' | 'range'>;
  readonly wrap: (logged: LoggedEvent) => LiveEvent;
  /** What is at hand just now, of which epoch of the log. */
  readonly atHand: () => { readonly ring: RecentEvents<LiveEvent>; readonly epoch: string };
  /** Is told that more is at hand. */
  readonly onRecalled: () => void;
}

/** Reads what is no longer at hand back from the log, as far as there is room: once for all who come back to a process that has just begun. */
export class Recall {
  private reading: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: RecallParts) {}

  /** Resolves when all after an offset is at hand: true; false when that cannot be, and the log is to be asked. One at a time. */
  async back(offset: bigint): Promise<boolean> {
    const turn = this.reading.then(() => this.fetch(offset));
    this.reading = turn.catch(() => undefined);
    // Why the log cannot be read is found out by who reads it for themselves.
    await this.reading;
    return this.parts.atHand().ring.covers(offset);
  }

  private async fetch(offset: bigint): Promise<void> {
    const { ring, epoch } = this.parts.atHand();
    const until = ring.from;
    if (ring.covers(offset) || !ring.hasRoomFor(Number(until - offset), 0)) return;
    const { first } = await this.parts.eventLog.range();
    const start = [offset - MARGIN, until - BigInt(ring.room)].reduce((most, each) => (each > most ? each : most), first - 1n);
    if (offset < start) return;
    const events = await this.between({ epoch, start, until }, ring);
    const now = this.parts.atHand();
    if (events === undefined || now.ring !== ring || ring.from !== until) return;
    ring.recall(start, events);
    this.parts.onRecalled();
  }

  /** Everything behind `start` up to `until`; undefined when there is no room for it. */
  private async between(
    { epoch, start, until }: { readonly epoch: string; readonly start: bigint; readonly until: bigint },
    ring: RecentEvents<LiveEvent>,
  ): Promise<readonly LiveEvent[] | undefined> {
    const events: LiveEvent[] = [];
    let weight = 0;
    for await (const logged of this.parts.eventLog.read({ epoch, offset: start + 1n }, '*.>', { live: false })) {
      if (logged.position.offset > until) break;
      const event = this.parts.wrap(logged);
      weight += event.weight;
      if (!ring.hasRoomFor(events.push(event), weight)) return undefined;
    }
    return events;
  }
}

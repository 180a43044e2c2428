import { Allowance, type Rate } from './allowance';
import { Line, Standing } from './line';

export type Priority = 'low' | 'normal' | 'high';

/** By how many milliseconds a run of higher priority may come later and still go first. What makes a low one wait is thus bounded. */
const HEAD_START: Readonly<Record<Priority, number>> = { high: 0, normal: 10_000, low: 60_000 };

/** A run that wants to be taken on. */
export class Ticket extends Standing<Ticket> {
  constructor(
    readonly workspaceId: string,
    readonly priority: Priority,
    /** A run that goes on after a wait has been counted when it started: it goes before those that start, at any rate. */
    readonly resumed: boolean,
    /** When it came. Milliseconds since 1970. */
    readonly at: number,
  ) {
    super();
  }
}

/** One workspace's part of the places: what runs, what waits, and how much it may start. Stands in line for the next place itself. */
export class Share extends Standing<Share> {
  running = 0;
  readonly allowance: Allowance;
  private readonly resumed = new Line<Ticket>();
  private readonly starting: Readonly<Record<Priority, Line<Ticket>>> = {
    high: new Line<Ticket>(),
    normal: new Line<Ticket>(),
    low: new Line<Ticket>(),
  };

  constructor(rate: Rate) {
    super();
    this.allowance = new Allowance(rate);
  }

  append(ticket: Ticket): void {
    (ticket.resumed ? this.resumed : this.starting[ticket.priority]).append(ticket);
  }

  /** Whose turn it is; undefined: nobody waits. */
  get first(): Ticket | undefined {
    const { high, normal, low } = this.starting;
    return this.resumed.first ?? earlier(earlier(high.first, normal.first), low.first);
  }

  /** Whether a place would be of use now. */
  isReady(now: number): boolean {
    const { first } = this;
    return first !== undefined && this.admits(first, now);
  }

  admits(ticket: Ticket, now: number): boolean {
    return ticket.resumed || this.allowance.isReady(now);
  }

  /** Nothing is lost when it is forgotten. */
  isIdle(now: number): boolean {
    return this.running === 0 && this.first === undefined && this.allowance.isWhole(now);
  }
}

function earlier(one: Ticket | undefined, other: Ticket | undefined): Ticket | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return rank(other) < rank(one) ? other : one;
}

function rank({ at, priority }: Ticket): number {
  return at + HEAD_START[priority];
}

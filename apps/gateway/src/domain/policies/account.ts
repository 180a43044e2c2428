import type { Rate } from './rate';

/** Of what was asked in former ticks, how much counts a tick later. */
const FADING = 0.5;

/** What one gateway knows of one key. */
export class Account {
  /** Timestamp of the key as all gateways together have moved it, so far as it is known here; without what was admitted in this tick. */
  agreed: number;
  /** Timestamp of this gateway's share of the rate, with all that was admitted here. */
  own: number;
  /** The tick in which `own` was taken from `agreed`. */
  epoch = -1;
  /** Asked for and admitted here in this tick. */
  asked = 0;
  used = 0;
  private askedHere = 0;
  private askedElsewhere = 0;
  private hereAt = 0;
  private elsewhereAt = 0;

  constructor(
    readonly key: string,
    private current: Rate,
    now: number,
  ) {
    this.agreed = now;
    this.own = now;
  }

  get rate(): Rate {
    return this.current;
  }

  /** The rate is another one from now on: as many as are taken up stay taken up. */
  setRate(rate: Rate, now: number): void {
    const ratio = rate.interval / this.current.interval;
    this.current = rate;
    this.agreed = scaled(this.agreed, ratio, now);
    this.own = scaled(this.own, ratio, now);
  }

  /** Begins to count in another tick: from what is agreed, and what was admitted here since and not told yet. */
  begin(epoch: number, begun: number): void {
    this.epoch = epoch;
    this.own = this.used === 0 ? this.agreed : Math.max(this.agreed, begun) + this.used * this.rate.interval;
  }

  /** Ends the tick: what was admitted in it since `begun` moves the common timestamp. */
  settle(epoch: number, begun: number): void {
    this.askedHere = this.askedIn(this.askedHere, epoch - this.hereAt) + this.asked * FADING;
    this.hereAt = epoch;
    this.move(this.used, begun);
    this.asked = 0;
    this.used = 0;
  }

  /** Takes in what another gateway was asked and admitted in a tick of its own, begun about then. */
  hear(asked: number, used: number, epoch: number, begun: number): void {
    this.askedElsewhere = this.askedIn(this.askedElsewhere, epoch - this.elsewhereAt) + asked * FADING;
    this.elsewhereAt = epoch;
    this.move(used, begun);
  }

  /** The part of the rate that is due here, by how much is asked here and elsewhere: those of `members` gateways come to one. */
  share(epoch: number, members: number): number {
    const here = this.askedIn(this.askedHere, epoch - this.hereAt);
    const all = here + this.askedIn(this.askedElsewhere, epoch - this.elsewhereAt);
    return (here + 1) / (all + members);
  }

  /** Whether nothing would be lost by forgetting it. */
  isAtRest(now: number): boolean {
    return this.agreed <= now && this.own <= now && this.asked === 0;
  }

  private move(used: number, begun: number): void {
    if (used > 0) this.agreed = Math.max(this.agreed, begun) + used * this.rate.interval;
  }

  private askedIn(before: number, ticks: number): number {
    return ticks > 20 ? 0 : before * FADING ** ticks;
  }
}

function scaled(time: number, ratio: number, now: number): number {
  return time > now ? now + (time - now) * ratio : time;
}

import type { Rate } from './allowance';
import { Line } from './line';
import { Share, type Ticket } from './share';

export interface PlacesLimits {
  /** How many runs there are at once, of all workspaces together. */
  readonly most: number;
  /** How fast each workspace may start runs. */
  readonly rate: Rate;
}

/** Entries looked at, to be forgotten, whenever a workspace is new: more than one, so that the idle become fewer. */
const LOOKED_AT = 2;

/**
 * Who may run on this instance, and who is next. A free place goes to the workspace that has the fewest running, among equals to the one
 * that has been so for the longest; within the workspace to the run that came first, allowing for priority. A workspace beyond its rate
 * waits until it is within, and keeps nobody else waiting.
 *
 * Knows no clock, no promise and no chance: the same calls give the same answers. It changes in place, for it stands before every run.
 */
export class Places {
  running = 0;
  waiting = 0;
  private readonly shares = new Map<string, Share>();
  /** Workspaces with somebody waiting and within their rate, by how many they have running. */
  private readonly ready: Line<Share>[] = [];
  /** Workspaces with somebody waiting and beyond their rate. */
  private readonly delayed = new Line<Share>();
  /** No delayed one is ready before. */
  private wakeAt = Infinity;
  /** The time at which that was found. */
  private foundAt = -Infinity;

  constructor(private readonly limits: PlacesLimits) {}

  /** True: it runs. False: it waits, and `next` will answer it. */
  enter(ticket: Ticket, now: number): boolean {
    const share = this.shareOf(ticket.workspaceId, now);
    if (this.running < this.limits.most && share.first === undefined && share.admits(ticket, now)) {
      this.start(share, ticket, now);
      return true;
    }
    share.append(ticket);
    this.waiting++;
    if (share.line === undefined || share.line === this.delayed) this.line(share, now);
    return false;
  }

  /** Somebody who waited and runs from now on; undefined: nobody may. To be asked again and again after every other call. */
  next(now: number): Ticket | undefined {
    if (this.waiting === 0 || this.running >= this.limits.most) return undefined;
    this.wake(now);
    for (let share = this.firstReady(); share !== undefined; share = this.firstReady()) {
      const ticket = share.isReady(now) ? share.first : undefined;
      if (ticket !== undefined) this.admit(share, ticket, now);
      this.line(share, now);
      if (ticket !== undefined) return ticket;
    }
    return undefined;
  }

  /** Somebody who waits does so no more. */
  leave(ticket: Ticket): void {
    if (ticket.line === undefined) return;
    ticket.line.remove(ticket);
    this.waiting--;
    const share = this.shares.get(ticket.workspaceId);
    if (share?.first === undefined) share?.line?.remove(share);
  }

  /** A run of the workspace has given its place back. */
  release(workspaceId: string): void {
    const share = this.shares.get(workspaceId);
    if (share === undefined) return;
    this.running--;
    share.running--;
    if (share.line !== undefined && share.line !== this.delayed) this.stand(share, this.readyLine(share));
  }

  /** When `next` may have an answer though nothing else happened; infinite: never. Milliseconds since 1970. */
  get nextAt(): number {
    return this.delayed.first === undefined || this.running >= this.limits.most ? Infinity : this.wakeAt;
  }

  private admit(share: Share, ticket: Ticket, now: number): void {
    ticket.line?.remove(ticket);
    this.waiting--;
    this.start(share, ticket, now);
  }

  private start(share: Share, ticket: Ticket, now: number): void {
    if (!ticket.resumed) share.allowance.spend(now);
    share.running++;
    this.running++;
  }

  /** Puts a workspace where it belongs, at the end. */
  private line(share: Share, now: number): void {
    if (share.first === undefined) share.line?.remove(share);
    else if (share.isReady(now)) this.stand(share, this.readyLine(share));
    else {
      this.stand(share, this.delayed);
      this.wakeAt = Math.min(this.wakeAt, share.allowance.readyAt);
      this.foundAt = now;
    }
  }

  private stand(share: Share, line: Line<Share>): void {
    share.line?.remove(share);
    line.append(share);
  }

  private readyLine({ running }: Share): Line<Share> {
    while (this.ready.length <= running) this.ready.push(new Line());
    return this.ready[running] as Line<Share>;
  }

  private firstReady(): Share | undefined {
    for (const { first } of this.ready) if (first !== undefined) return first;
    return undefined;
  }

  /** Makes those ready whose time has come. A clock that was put back makes all times new. */
  private wake(now: number): void {
    const isEarly = now < this.wakeAt && now >= this.foundAt;
    this.foundAt = now;
    if (isEarly) return;
    this.wakeAt = Infinity;
    for (const share of [...this.delayed]) this.line(share, now);
  }

  private shareOf(workspaceId: string, now: number): Share {
    const known = this.shares.get(workspaceId);
    if (known !== undefined) return known;
    this.forget(now);
    const share = new Share(this.limits.rate);
    this.shares.set(workspaceId, share);
    return share;
  }

  /** Drops the idle among those looked at longest ago. */
  private forget(now: number): void {
    let looked = 0;
    for (const [workspaceId, share] of this.shares) {
      if (looked++ === LOOKED_AT) return;
      this.shares.delete(workspaceId);
      if (!share.isIdle(now)) this.shares.set(workspaceId, share);
    }
  }
}

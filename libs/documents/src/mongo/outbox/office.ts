import { randomUUID } from 'node:crypto';
import type { mongo } from 'mongoose';
import { isDuplicate, type Server } from '../server';

/** What the processes of a service know of each other. */
export interface Desk {
  readonly _id: string;
  /** Who moves events to the log now; null when it was given back. */
  readonly term: string | null;
  /** Raised by who is in office, again and again. */
  readonly beat: number;
  /** Raised by the others when they have written something. */
  readonly rung: number;
  /** `formatPosition` of the mark of the outbox. */
  readonly mark?: string;
}

interface Held {
  readonly term: string;
  readonly until: number;
  readonly rung: number;
}

const ID = 'relay';
/** Who is in office trusts its term for this part of the lease: others wait for the whole. */
const TRUSTED = 0.8;
const BEATS_IN_A_LEASE = 5;
const LIVELY_BEATS_IN_A_LEASE = 50;
const LIVELY_LEASES = 2;
/** A bell that nobody could ring any more is made up for. */
const LOOK_EVERY_BEATS = 30;

/**
 * One process of a service at a time moves events to the log. Who is in office raises a count now and then; another takes over when it
 * saw no change for a whole lease. No two clocks are compared, only time that passed in one process.
 */
export class Office {
  private held: Held | undefined;
  private seen: { readonly term: string; readonly beat: number; readonly since: number } | undefined;
  private attempt: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private livelyUntil = 0;
  private beats = 0;
  private closed = false;

  /** `changed` is called when there may be something new to do: office taken or lost, a bell rung. */
  constructor(
    private readonly server: Server,
    private readonly lease: number,
    private readonly changed: () => void,
  ) {}

  /** The term of this process; undefined while another is in office. */
  async term(): Promise<string | undefined> {
    if (this.trusted() === undefined) {
      this.attempt ??= this.renewOrTake().finally(() => (this.attempt = undefined));
      await this.attempt;
      this.schedule();
    }
    return this.trusted();
  }

  /** Tells who is in office that something was written here. */
  async ring(): Promise<void> {
    if (this.trusted() === undefined) await this.desks.updateOne({ _id: ID }, { $inc: { rung: 1 } });
  }

  /** Keeps a mark as long as this is the term; false when it is not. */
  async keepMark(term: string, mark: string): Promise<boolean> {
    return (await this.desks.updateOne({ _id: ID, term }, { $set: { mark } })).matchedCount === 1;
  }

  async mark(): Promise<string | undefined> {
    return (await this.desks.findOne({ _id: ID }))?.mark;
  }

  /** Gives the office back, so that nobody has to wait. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.attempt?.catch(() => undefined);
    if (this.held !== undefined) await this.desks.updateOne({ _id: ID, term: this.held.term }, { $set: { term: null } });
    this.held = undefined;
  }

  private trusted(): string | undefined {
    return this.held !== undefined && performance.now() < this.held.until ? this.held.term : undefined;
  }

  private async renewOrTake(): Promise<void> {
    if (this.held === undefined || !(await this.renewed(this.held))) await this.take();
  }

  private async renewed({ term, rung }: Held): Promise<boolean> {
    const asked = performance.now();
    const desk = await this.desks.findOneAndUpdate({ _id: ID, term }, { $inc: { beat: 1 } }, { returnDocument: 'after' });
    this.held = desk === null ? undefined : this.holding(desk, term, asked);
    if (desk !== null && desk.rung !== rung) {
      this.livelyUntil = asked + LIVELY_LEASES * this.lease;
      this.changed();
    }
    return desk !== null;
  }

  private async take(): Promise<void> {
    const asked = performance.now();
    const desk = await this.desks.findOne({ _id: ID });
    if (desk === null) return this.begin();
    const { term, beat } = desk;
    const silent = term !== null && this.seen?.term === term && this.seen.beat === beat;
    if (term !== null && !silent) this.seen = { term, beat, since: performance.now() };
    else if (term === null || asked - (this.seen?.since ?? asked) >= this.lease) await this.claim({ _id: ID, term, beat });
  }

  private async begin(): Promise<void> {
    try {
      await this.desks.insertOne({ _id: ID, term: null, beat: 0, rung: 0 });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    await this.take();
  }

  private async claim(found: Pick<Desk, '_id' | 'term' | 'beat'>): Promise<void> {
    const asked = performance.now();
    const term = randomUUID();
    const desk = await this.desks.findOneAndUpdate(found, { $set: { term }, $inc: { beat: 1 } }, { returnDocument: 'after' });
    if (desk !== null) this.held = this.holding(desk, term, asked);
  }

  private holding({ rung }: Desk, term: string, asked: number): Held {
    return { term, rung, until: asked + TRUSTED * this.lease };
  }

  private schedule(): void {
    if (this.closed || this.timer !== undefined) return;
    const lively = this.held !== undefined && performance.now() < this.livelyUntil;
    const wait = this.lease / (lively ? LIVELY_BEATS_IN_A_LEASE : BEATS_IN_A_LEASE);
    this.timer = setTimeout(() => void this.tick(), wait).unref();
  }

  private async tick(): Promise<void> {
    this.beats += 1;
    const { held } = this;
    if (held !== undefined) {
      this.attempt ??= this.server
        .use(() => this.renewed(held))
        .then(() => undefined)
        .finally(() => (this.attempt = undefined));
      // What fails now is tried at the next beat, and by whoever asks for the term.
      await this.attempt.catch(() => undefined);
    }
    this.timer = undefined;
    this.schedule();
    if (this.held === undefined || this.beats % LOOK_EVERY_BEATS === 0) this.changed();
  }

  private get desks(): mongo.Collection<Desk> {
    return this.server.collection<Desk>('outbox');
  }
}

import type { EventFilter } from '../../event-filter';
import type { Durable } from '../../event-log';
import type { LogContents } from '../store/log-contents';
import type { StoredEvent } from '../store/stored-event';
import { Intake } from './intake';
import { KeyQueues } from '../../consume/key-queues';
import { Progress } from './progress';
import { Taken } from './taken';

/** Events taken and not done, those behind a busy key included. At this many nothing new is taken. */
const MOST_INFLIGHT = 100_000;
/** Events behind a busy key that are kept in memory whole. */
const MOST_HELD_WHOLE = 1_024;

/** What one durable is to hand out, in which order. */
export class Backlog {
  readonly progress = new Progress();
  readonly #keys = new KeyQueues<Taken>();
  readonly #ready: Taken[] = [];
  readonly #intake: Intake;

  constructor(
    private readonly contents: LogContents,
    private readonly order: Durable['order'],
    private readonly wants: EventFilter,
    frontier: number,
  ) {
    this.#intake = new Intake(contents, wants, frontier);
  }

  /** All up to there is done, or not wanted, or in flight. */
  get frontier(): number {
    return this.#intake.frontier;
  }

  /** Whether more must be read before more can be handed out. */
  get isHungry(): boolean {
    return this.#intake.isHungry && this.progress.size < MOST_INFLIGHT;
  }

  refill(): void {
    if (this.isHungry) this.#intake.refill();
  }

  /** What may go now: what waited for it first, then, if `fresh`, what the log has next. */
  next(fresh: boolean): Taken | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined || !fresh) return ready;
    while (this.progress.size < MOST_INFLIGHT) {
      const event = this.#intake.next();
      if (event === undefined) return undefined;
      const taken = this.take(event);
      this.progress.take(taken);
      if (this.#keys.admit(taken)) return taken;
      if (this.#keys.held > MOST_HELD_WHOLE) taken.event = undefined;
    }
    return undefined;
  }

  take(event: StoredEvent): Taken {
    const taken = new Taken(event.offset, this.keyOf(event.workspace, event.key));
    taken.event = event;
    return taken;
  }

  /** An event an earlier process had in flight; undefined when there is nothing to do about it, or not yet because of its key. */
  resume(event: StoredEvent | undefined, taken: Taken): Taken | undefined {
    this.progress.resume(taken);
    if (event === undefined || !this.wants(event.workspace, event.type)) {
      this.progress.done(taken);
      return undefined;
    }
    return this.#keys.admit(taken) ? taken : undefined;
  }

  /** Hands it out when its key is free. */
  enqueue(taken: Taken): void {
    if (this.#keys.admit(taken)) this.#ready.push(taken);
  }

  /** Hands out again what already has its key. */
  again(taken: Taken): void {
    this.#ready.push(taken);
  }

  /** Hands out first what was given back. */
  putBack(taken: readonly Taken[]): void {
    this.#ready.unshift(...taken);
  }

  /** It is done with; the next of its key may go. */
  finish(taken: Taken): void {
    if (taken.letter === undefined) this.progress.done(taken);
    const next = this.#keys.release(taken);
    if (next !== undefined) this.#ready.push(next);
  }

  /** The event itself; undefined when it is no longer in the log. */
  load(taken: Taken): StoredEvent | undefined {
    return taken.event ?? this.contents.at(taken.offset);
  }

  /** Bodies were overwritten: nothing read before may be handed out. */
  reload(): void {
    this.#intake.reload();
    for (const taken of this.progress.inflight) taken.event = undefined;
  }

  keyOf(workspace: string, key: string | undefined): string | undefined {
    return this.order === 'none' || key === undefined ? undefined : `${workspace}\u0000${key}`;
  }
}

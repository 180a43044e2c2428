import { eventFilter } from '../../event-filter';
import type { Durable } from '../../event-log';
import type { StoredLetter } from '../store/dead-table';
import type { Standing } from '../store/durable-table';
import { StoredEvent, loggedEvent } from '../store/stored-event';
import { Backlog } from './backlog';
import type { Hand } from '../../consume/hand';
import type { RunParts } from './run-parts';
import { Saver } from './saver';
import { Settlement } from './settlement';
import { HANDLER_CRASHED, Taken } from './taken';

/** Events that failed and are not done; at this many nothing new is taken: the log holds a backlog, not our memory. */
const MOST_FAILING = 1_024;
/** After a crash, how many deliveries are counted before they begin: more than a process can have had in hand and unsaved. */
const SUSPECTS = 2_048;
/** How often an event has to have been in hand when its process ended, for that to be no chance. */
const NO_CHANCE = 2;

/** One durable at work in this process: hands its events out to whoever consumes it. */
export class DurableRun {
  readonly #hands: Hand<Taken>[] = [];
  readonly #backlog: Backlog;
  readonly #settlement: Settlement;
  readonly #saver: Saver;
  readonly #stopListening: () => void;
  /** Deliveries still to be counted before they begin. */
  #uncounted: number;
  /** Waits until nothing else is in hand. */
  #suspect: Taken | undefined;
  #delivering = 0;
  #isAlone = false;
  #turn: NodeJS.Immediate | undefined;
  #ended: Promise<void> | undefined;

  constructor(
    private readonly durable: Durable,
    private readonly parts: RunParts,
    standing: Standing,
    /** No hand is left; told with what resolves when the progress is saved. */
    private readonly onEnd: (saved: Promise<void>) => void,
  ) {
    this.#backlog = new Backlog(parts.contents, durable.order, eventFilter(durable.filter), standing.frontier);
    this.#settlement = new Settlement(durable, this.#backlog, parts, () => this.#schedule());
    this.#saver = new Saver(durable.name, this.#backlog, parts);
    this.#uncounted = standing.crashed && durable.attempts !== 'unlimited' ? SUSPECTS : 0;
    this.#resume(standing.crashed);
    this.#stopListening = parts.contents.onAppend(() => this.#schedule());
  }

  join(hand: Hand<Taken>): void {
    this.#hands.push(hand);
    this.#schedule();
  }

  /**
   * Takes the hand out; what it could not finish goes to the others, or to a later run. Resolves when the progress is durable. A second
   * call with less grace cuts the first one short.
   */
  async leave(hand: Hand<Taken>, grace: number): Promise<void> {
    this.#backlog.putBack(await hand.stop(grace));
    const index = this.#hands.indexOf(hand);
    if (index !== -1) this.#hands.splice(index, 1);
    if (this.#isIdle) return this.#end();
    this.#schedule();
    await this.#saver.now();
  }

  /** One more delivery of a dead letter. */
  redrive(letter: StoredLetter): void {
    if (!this.#settlement.redrive(letter)) return;
    const { workspaceId, key } = loggedEvent(letter, letter.body);
    const taken = new Taken(letter.offset, this.#backlog.keyOf(workspaceId, key));
    taken.letter = letter;
    taken.attempts = letter.attempts;
    this.#backlog.enqueue(taken);
    this.#schedule();
  }

  /** Resolves when all that is done is written down. */
  save(): Promise<void> {
    return this.#saver.now();
  }

  /** Bodies were overwritten: nothing read before may be handed out. */
  reload(): void {
    this.#backlog.reload();
  }

  get #isIdle(): boolean {
    return this.#hands.length === 0;
  }

  #resume(crashed: boolean): void {
    const { contents, durables, dead, clock } = this.parts;
    for (const inflight of durables.inflight(this.durable.name)) {
      const event = contents.at(inflight.offset);
      const key = event && this.#backlog.keyOf(event.workspace, event.key);
      const taken = this.#backlog.resume(event, new Taken(inflight.offset, key).resume(inflight));
      const delay = inflight.dueAt - clock.now();
      if (taken !== undefined && delay > 0) this.#settlement.later(taken, delay);
      else if (taken !== undefined) this.#backlog.again(taken);
    }
    for (const letter of dead.redriving(this.durable.name)) {
      if (crashed) this.#settlement.giveUp(letter, HANDLER_CRASHED);
      else this.redrive(letter);
    }
  }

  #end(): Promise<void> {
    if (this.#ended !== undefined) return this.#ended;
    this.#stopListening();
    this.#saver.stop();
    clearImmediate(this.#turn);
    this.#ended = this.#settlement.stop().then(() => this.#saver.last());
    this.onEnd(this.#ended);
    return this.#ended;
  }

  /** Pages are only read in a turn of their own: handlers that never wait would keep the event loop for themselves. */
  #schedule(): void {
    if (this.#isIdle) return;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#backlog.refill();
      this.#handOut();
    });
  }

  #handOut(): void {
    for (let hand = this.#freeHand(); hand !== undefined; hand = this.#freeHand()) {
      const taken = this.#next();
      if (taken === undefined) break;
      void this.#deliver(hand, taken);
    }
    if (this.#backlog.isHungry && this.#freeHand() !== undefined && this.#settlement.failing < MOST_FAILING) this.#schedule();
    this.#saver.soon();
  }

  /** An event that may have killed a process is handed out alone: those beside it would be blamed with it. */
  #next(): Taken | undefined {
    if (this.#isAlone) return undefined;
    const taken = this.#suspect ?? this.#backlog.next(this.#settlement.failing < MOST_FAILING);
    this.#suspect = taken !== undefined && this.#mayKill(taken) && this.#delivering > 0 ? taken : undefined;
    return this.#suspect === undefined ? taken : undefined;
  }

  /**
   * Once may be chance: a process that is killed leaves many in hand, and one at a time they would take long. Who was in hand twice is handed
   * out alone while there are deliveries left to tell it from the others.
   */
  #mayKill({ hasCrashed, attempts }: Taken): boolean {
    const limit = this.durable.attempts;
    return hasCrashed && (attempts >= NO_CHANCE || (limit !== 'unlimited' && attempts >= limit - 1));
  }

  /** Takes turns when there are several. */
  #freeHand(): Hand<Taken> | undefined {
    const hand = this.#hands.find((candidate) => candidate.isFree);
    if (hand === undefined || this.#hands.length === 1) return hand;
    this.#hands.push(...this.#hands.splice(0, this.#hands.indexOf(hand) + 1));
    return hand;
  }

  async #deliver(hand: Hand<Taken>, taken: Taken): Promise<void> {
    const event = this.#load(taken);
    if (event === undefined) return this.#backlog.finish(taken);
    if (taken.letter === undefined && this.#settlement.isExhausted(taken)) return this.#settlement.bury(taken, event);
    this.#delivering += 1;
    this.#isAlone = this.#mayKill(taken);
    const ending = await hand.deliver(taken, () => event.event, this.#mustCount(taken) ? () => this.#count(taken) : undefined);
    this.#delivering -= 1;
    this.#isAlone = false;
    if (ending === undefined) return;
    const wasCounted = taken.isCounted;
    this.#settlement.settle(taken, event, ending);
    if (wasCounted) this.#saver.atOnce();
    this.#handOut();
  }

  #load(taken: Taken): StoredEvent | undefined {
    const { letter } = taken;
    if (letter === undefined) return this.#backlog.load(taken);
    return new StoredEvent(letter, '', '', undefined, letter.body);
  }

  #mustCount(taken: Taken): boolean {
    if (this.#uncounted === 0 || taken.letter !== undefined) return false;
    this.#uncounted -= 1;
    return true;
  }

  /** Counts a delivery before it begins, so that an event that kills the process runs out of deliveries. */
  async #count(taken: Taken): Promise<void> {
    taken.isCounted = true;
    this.#backlog.progress.changed(taken);
    await this.#saver.now();
  }
}

import { setTimeout } from 'node:timers/promises';
import type { Hand } from '../../consume/hand';
import { eventFilter } from '../../event-filter';
import type { Durable } from '../../event-log';
import { LANES, laneOf } from '../../lane';
import { LANE_GROUP } from '../server/wanted';
import type { StreamEvent } from '../stream-event';
import { FailureRecords } from './failures';
import type { Held } from './held';
import { Members } from './members';
import { Redrives } from '../letters/redrives';
import type { RunParts } from './run-parts';
import { Settlement } from './settlement';
import { Source } from './source';

/** Milliseconds between two looks at what is held. */
const TICK = 1_000;
/** Milliseconds in which everything should be given back. */
const LONGEST_GOODBYE = 5_000;
/** At hand in each lane. */
const AHEAD_IN_A_LANE = { events: 128, bytes: 2 * 1024 * 1024 };
/** At hand of a durable without lanes: so many events at least, so many bytes at most. */
const AHEAD = { events: 64, bytes: 64 * 1024 * 1024 };

/** One durable at work in this process: hands its events out to whoever consumes it. */
export class JetStreamRun {
  readonly #hands: Hand<Held>[] = [];
  readonly #ready: Held[] = [];
  readonly #sources: readonly Source[];
  readonly #settlement: Settlement;
  readonly #redrives: Redrives;
  readonly #members: Members | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;
  readonly #owners = new Map<Held, Hand<Held>>();
  #isAlone = false;
  #isScheduled = false;
  #ended: Promise<void> | undefined;

  constructor(
    private readonly durable: Durable,
    private readonly parts: RunParts,
    /** No hand is left; told with what resolves when everything is given back. */
    private readonly onEnd: (ended: Promise<void>) => void,
  ) {
    const { line, names, letters, clock, onFault } = parts;
    const failures = new FailureRecords(parts.contents.state, names, durable.name);
    this.#settlement = new Settlement(durable, failures, parts, (held) => this.#onReady(held));
    this.#sources =
      durable.order === 'none' ? [this.#source(failures)] : Array.from({ length: LANES }, (_, lane) => this.#source(failures, lane));
    this.#redrives = new Redrives({
      ...{ line, names, letters, clock, onFault, durable: durable.name, wants: eventFilter(durable.filter) },
      sourceOf: (event) => this.#sourceOf(event),
      keyOf: (event) => this.#keyOf(event),
    });
    const isOrdered = durable.order === 'key';
    this.#members = isOrdered ? new Members(line, names.membersSubject(durable.name), () => this.#share()) : undefined;
    this.#timer = setInterval(() => this.#tick(), TICK).unref();
    this.#stopListening = line.onChange((isUp) => {
      if (!isUp) return;
      for (const source of this.#sources) source.reconnected();
      this.#schedule();
    });
    this.#share();
    this.#redrives.replenish();
  }

  join(hand: Hand<Held>): void {
    this.#hands.push(hand);
    this.#schedule();
  }

  /**
   * Takes the hand out; what it could not finish goes to the others, or to a later run. Resolves when the servers know. A second call
   * with less grace cuts the first one short.
   */
  async leave(hand: Hand<Held>, grace: number): Promise<void> {
    const left = await hand.stop(grace);
    for (const held of left) held.isInHand = false;
    this.#ready.unshift(...left);
    const index = this.#hands.indexOf(hand);
    if (index !== -1) this.#hands.splice(index, 1);
    if (this.#hands.length === 0) return this.#end();
    this.#schedule();
    await this.parts.line.flush();
  }

  /** Bodies were erased: nothing read before may be handed out. */
  reload(): void {
    for (const source of this.#sources) {
      for (const held of source.held) {
        const remnant = this.parts.contents.erased.at(held.offset);
        if (remnant === undefined || held.event === remnant) continue;
        held.event = remnant;
        held.isErased = true;
      }
    }
  }

  #source(failures: FailureRecords, lane?: number): Source {
    const { line, names, contents, clock } = this.parts;
    return new Source({
      ...{ line, failures, stream: names.events, consumer: names.consumerOf(this.durable.name, lane) },
      group: lane === undefined ? undefined : LANE_GROUP,
      wants: eventFilter(this.durable.filter),
      ahead: lane === undefined ? { ...AHEAD, events: Math.max(AHEAD.events, 2 * this.durable.parallel) } : AHEAD_IN_A_LANE,
      now: () => clock.now(),
      event: ({ sequence, subject, body }) => contents.erased.at(sequence) ?? contents.pages.event({ sequence, subject, body }),
      keyOf: (event) => this.#keyOf(event),
      onReady: (held) => this.#onReady(held),
      onCrowded: (held) => void this.#settlement.crowded(held),
      onLost: (held) => this.#letGo(held),
    });
  }

  #keyOf(stored: StreamEvent): string | undefined {
    if (this.durable.order === 'none') return undefined;
    const { workspaceId, key } = stored.event;
    return key === undefined ? undefined : `${workspaceId}\u0000${key}`;
  }

  async #sourceOf(event: StreamEvent): Promise<Source | undefined> {
    const source = this.#sources[this.durable.order === 'none' ? 0 : laneOf(event.event)];
    return source !== undefined && (await source.isOurs()) ? source : undefined;
  }

  /** Takes the lanes that are ours, and leaves the others. */
  #share(): void {
    if (this.#ended !== undefined) return;
    this.#sources.forEach((source, lane) => {
      if (this.#members?.shouldHave(lane) ?? true) source.start();
      else void source.leave((held) => this.#settlement.giveBack(held));
    });
  }

  #tick(): void {
    for (const source of this.#sources) {
      source.beat();
      source.check();
      source.replenish(true);
    }
    this.#redrives.replenish();
    this.#schedule();
  }

  #onReady(held: Held): void {
    const delay = held.dueAt - this.parts.clock.now();
    if (delay > 0) return this.#settlement.later(held, delay);
    this.#ready.push(held);
    this.#schedule();
  }

  /** Handlers that never wait would keep the event loop for themselves: each round has a turn of its own. */
  #schedule(): void {
    if (this.#isScheduled || this.#ended !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#handOut();
    });
  }

  #handOut(): void {
    for (let hand = this.#freeHand(); hand !== undefined; hand = this.#freeHand()) {
      const held = this.#next();
      if (held === undefined) return;
      void this.#deliver(hand, held);
    }
  }

  /**
   * None while the servers are away: what has it could only fail. An event that may have killed a process is handed out alone: those beside it
   * would be blamed with it.
   */
  #next(): Held | undefined {
    if (this.#isAlone || !this.parts.line.isUp) return undefined;
    for (let held = this.#ready[0]; held !== undefined; held = this.#ready[0]) {
      if (held.mayKill && this.#owners.size > 0) return undefined;
      this.#ready.shift();
      if (held.source.isStillOurs(held)) return held;
    }
    return undefined;
  }

  /** Takes turns when there are several. */
  #freeHand(): Hand<Held> | undefined {
    const hand = this.#hands.find((candidate) => candidate.isFree);
    if (hand === undefined || this.#hands.length === 1) return hand;
    this.#hands.push(...this.#hands.splice(0, this.#hands.indexOf(hand) + 1));
    return hand;
  }

  async #deliver(hand: Hand<Held>, held: Held): Promise<void> {
    if (held.letter === undefined && this.#settlement.isExhausted(held)) return this.#settlement.bury(held);
    held.isInHand = true;
    this.#owners.set(held, hand);
    this.#isAlone = held.mayKill;
    const isCounted = held.isSuspect && this.durable.attempts !== 'unlimited' && held.letter === undefined;
    const ending = await hand.deliver(held, () => held.event.event, isCounted ? () => this.#settlement.begin(held) : undefined);
    this.#isAlone = false;
    this.#owners.delete(held);
    if (ending !== undefined) {
      held.isInHand = false;
      this.#settlement.settle(held, ending);
    }
    this.#handOut();
  }

  #letGo(held: Held): void {
    this.#owners.get(held)?.letGo(held);
    this.#owners.delete(held);
  }

  #end(): Promise<void> {
    this.#ended ??= this.#giveAllBack();
    this.onEnd(this.#ended);
    return this.#ended;
  }

  async #giveAllBack(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopListening();
    this.#members?.stop();
    await this.#redrives.stop();
    const left = Promise.all(this.#sources.map((source) => source.leave((held) => this.#settlement.giveBack(held))));
    await Promise.race([left, setTimeout(this.parts.line.isUp ? LONGEST_GOODBYE : 0, undefined, { ref: false })]);
    await this.#settlement.stop();
    // What could not be given back comes to others when its time is up.
    for (const source of this.#sources) source.lose();
    await left;
    await this.parts.line.flush();
  }
}

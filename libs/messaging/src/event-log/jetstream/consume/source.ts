import { KeyQueues } from '../../consume/key-queues';
import { ACK_WAIT, MOST_PENDING, PIN_TIMEOUT } from '../server/wanted';
import { ACK, NAK, WORKING } from './answers';
import { Held } from './held';
import { Measure } from './measure';
import { Past } from './past';
import { Puller } from './puller';
import type { Delivered, PullListener } from './puller';
import type { SourceParts } from './source-parts';
import { freeStalePin } from './stale-pin';
import { Taking } from './taking';

/** Milliseconds before the server may give an event to somebody else, in which no handler begins with it any more. */
const MARGIN = 1_000;
/** As above, from which on it is told that it is being worked on: at every second look, for at each it writes down all that its consumer has out. */
const BEATEN_BEFORE = 3_500;

/** One consumer of a durable, as far as this process has a part in it: what it was given, and what it may do with that. */
export class Source implements PullListener {
  readonly #puller: Puller;
  readonly #held = new Map<number, Held>();
  readonly #taking: Taking;
  readonly #measure: Measure;
  readonly #past = new Past();
  #keys = new KeyQueues<Held>();
  #life = new AbortController();
  #isAsking = false;
  #waiting = 0;
  #since = 0;
  #onEmpty = (): void => undefined;

  constructor(private readonly parts: SourceParts) {
    this.#puller = new Puller(parts, this);
    this.#measure = new Measure(parts.ahead);
    this.#taking = new Taking({
      ...{ line: parts.line, stream: parts.stream, consumer: parts.consumer, held: this.#held },
      ask: (count) => this.#puller.ask(Math.min(count, MOST_PENDING - this.#held.size)),
      onTaken: () => this.#admitAll(),
    });
  }

  /** Aborted when the server may have given to others what this process has. */
  get lost(): AbortSignal {
    return this.#life.signal;
  }

  /** Whether events of it are handed out here, and nowhere else. */
  async isOurs(): Promise<boolean> {
    return this.#isAsking && (!this.#isLane || this.#taking.isClear());
  }

  get held(): Iterable<Held> {
    return this.#held.values();
  }

  at(sequence: number): Held | undefined {
    return this.#held.get(sequence);
  }

  /** Takes its part of the events, from now on. */
  start(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#since = performance.now();
    this.replenish();
    void freeStalePin(this.parts, () => this.#mayWrest());
  }

  /** Asks for more, if there is room; `eager`: even for one, which costs more than the event. */
  replenish(eager = false): void {
    if (!this.#isAsking) return;
    const ahead = this.#measure.ahead;
    const atHand = this.#held.size - this.#waiting - this.#keys.held;
    const room = Math.min(ahead - atHand, MOST_PENDING - this.#held.size);
    if (room >= (eager ? 1 : ahead / 2)) this.#puller.ask(room);
  }

  /** The connection was lost, and is there again: what was asked for over it will not come. */
  reconnected(): void {
    this.#puller.renew();
  }

  take(delivered: Delivered): void {
    const { sequence, reply, askedAt, count, delivery } = delivered;
    if (!this.#isAsking) return this.#answer(reply, NAK);
    const known = this.#held.get(sequence);
    if (known !== undefined) return this.#again(known, delivered);
    const event = this.parts.event(delivered);
    this.#measure.saw(event.body.length);
    if (!this.parts.wants(event.workspace, event.type)) return this.#answer(reply, ACK);
    const held = new Held(this, reply, event, this.parts.keyOf(event), askedAt + ACK_WAIT);
    held.delivery = delivery;
    held.count = count;
    held.session = this.parts.line.session;
    held.isAgain = count > 1 || sequence <= this.parts.line.oldUpTo;
    this.#held.set(sequence, held);
    if (count > 1 && this.#isLane) this.#taking.restart();
    if (!this.#past.resume(held) && count > 1) void this.#resume(held);
    else this.#arrived(held);
  }

  pinned(): void {
    this.#taking.restart();
  }

  asked(): void {
    this.replenish();
  }

  /** A dead letter takes its place among the events of its key. */
  enlist(held: Held): void {
    this.#held.set(-held.offset, held);
    this.#admit(held);
  }

  /** How many wait behind it. */
  behind({ key }: Held): number {
    return this.#keys.behind(key);
  }

  /** Whether it may still be handed out; if not, everything this source has is given up. */
  isStillOurs(held: Held): boolean {
    if (held.isLost) return false;
    if (held.heldUntil - MARGIN > performance.now()) return true;
    this.lose();
    return false;
  }

  waits(held: Held): void {
    if (!held.isWaiting) this.#waiting += 1;
    held.isWaiting = true;
    this.replenish();
  }

  waitsNoMore(held: Held): void {
    if (held.isWaiting) this.#waiting -= 1;
    held.isWaiting = false;
  }

  /** It is done with; the next of its key may go. */
  finish(held: Held, answer: Uint8Array = ACK): void {
    if (held.isLost) return;
    this.#answer(held.reply, answer);
    this.#remove(held);
    const next = this.#keys.release(held);
    if (next !== undefined) this.parts.onReady(next);
    this.replenish();
  }

  /** Gives it back to the server at once, for whoever comes next. */
  giveBack(held: Held): void {
    if (held.isLost) return;
    held.isLost = true;
    this.#answer(held.reply, NAK);
    this.#remove(held);
  }

  /** Takes nothing new, and gives back what is not in hand by `giveBack`; when what is in hand has ended, somebody else may have the rest. */
  async leave(giveBack: (held: Held) => void): Promise<void> {
    if (!this.#isAsking) return;
    this.#isAsking = false;
    await this.#puller.drain();
    if (this.#hasReturned()) return;
    this.#keys = new KeyQueues();
    for (const held of this.#held.values()) {
      if (held.isInHand) this.#keys.admit(held);
      else giveBack(held);
    }
    if (this.#held.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    if (this.#hasReturned()) return;
    this.#taking.restart();
    await this.parts.line.flush();
    await this.#puller.unpin();
  }

  /** Tells the server that what it gave is being worked on. */
  beat(): void {
    const { line } = this.parts;
    const [at, life] = [performance.now(), this.#life];
    const due = [...this.#held.values()].filter(({ heldUntil }) => heldUntil < at + BEATEN_BEFORE);
    const beaten = due.filter(({ letter }) => letter === undefined);
    const last = beaten.at(-1);
    if (!line.isUp) return;
    for (const held of due) if (held !== last) this.#answer(held.reply, WORKING);
    if (last === undefined) return;
    line.connection.request(last.reply, WORKING, { timeout: ACK_WAIT }).then(
      () => {
        // A server that was started again may not know that it gave these: only what it gave itself can be kept.
        if (life === this.#life) for (const held of beaten) if (held.session === line.session) held.heldUntil = at + ACK_WAIT;
      },
      () => undefined,
    );
  }

  /** Gives up everything when the server may have given some of it to others. */
  check(): void {
    const now = performance.now();
    if (now < this.#since + PIN_TIMEOUT + ACK_WAIT) void freeStalePin(this.parts, () => this.#mayWrest());
    for (const { heldUntil } of this.#held.values()) if (heldUntil <= now) return this.lose();
  }

  /** Forgets everything it has; the server will give it again, here or elsewhere. */
  lose(): void {
    const lost = [...this.#held.values()];
    this.#past.add(lost);
    this.#held.clear();
    this.#keys = new KeyQueues();
    this.#waiting = 0;
    this.#puller.forget();
    this.#taking.restart();
    for (const held of lost) {
      held.isLost = true;
      this.parts.onLost(held);
    }
    this.#life.abort();
    this.#life = new AbortController();
    this.#onEmpty();
  }

  /** Whether this process waits for a lane that it should have. */
  #mayWrest(): boolean {
    return this.#isAsking && !this.#puller.isPinned && this.parts.line.isUp;
  }

  /** Whether it was started again meanwhile. */
  #hasReturned(): boolean {
    return this.#isAsking;
  }

  get #isLane(): boolean {
    return this.parts.group !== undefined;
  }

  /** The server gave it again: it had not heard of it for too long, or was started again. */
  #again(held: Held, { reply, askedAt, delivery, count }: Delivered): void {
    held.delivery = delivery;
    held.count = count;
    held.reply = reply;
    held.heldUntil = Math.max(held.heldUntil, askedAt + ACK_WAIT);
    held.session = this.parts.line.session;
  }

  /** Somebody had it before: what is known of that comes first, and nothing of the lane may overtake it. */
  async #resume(held: Held): Promise<void> {
    this.#taking.hold();
    try {
      held.resume(await this.parts.failures.get(held.offset), this.parts.now());
    } catch {
      if (!held.isLost) this.lose();
    } finally {
      this.#taking.release();
    }
    if (!held.isLost) this.#arrived(held);
  }

  #arrived(held: Held): void {
    if (!this.#isLane || this.#taking.isDone) this.#admit(held);
    else this.#taking.begin();
  }

  #admitAll(): void {
    const arrived = [...this.#held.values()].filter(({ isAdmitted }) => !isAdmitted);
    for (const held of arrived.sort((a, b) => a.offset - b.offset)) this.#admit(held);
    this.replenish();
  }

  #admit(held: Held): void {
    held.isAdmitted = true;
    if (this.#keys.admit(held)) return this.parts.onReady(held);
    const first = this.#keys.out(held.key);
    if (first !== undefined) this.parts.onCrowded(first);
  }

  #remove(held: Held): void {
    this.waitsNoMore(held);
    this.#held.delete(held.letter === undefined ? held.offset : -held.offset);
    if (this.#held.size === 0) this.#onEmpty();
  }

  #answer(reply: string, answer: Uint8Array): void {
    this.parts.line.say(reply, answer);
  }
}

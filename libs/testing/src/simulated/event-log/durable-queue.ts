import { eventFilter, type Durable, type LoggedEvent } from '@millrace/messaging';
import { Letters, type Letter } from './letters';
import { Lines } from './lines';
import type { LogStore } from './log-store';
import type { Delivery, Ending, Member } from './member';
import { Taken } from './taken';

/** Deliveries that count for nothing because something was away; from then on they do. */
const MOST_HOLD_UPS = 900;
const CRASHED = 'log.handler_crashed: the process ended, or was not heard of, while it had the event';

/** One durable as the log keeps it: what is not done, who consumes it, who has what. Every method is one indivisible effect. */
export class DurableQueue {
  readonly letters: Letters;
  readonly #members: Member[] = [];
  /** Taken from the log and not done, by offset. */
  readonly #undone = new Map<number, Taken>();
  readonly #lines: Lines;

  constructor(
    private durable: Durable,
    private readonly store: LogStore,
    /** All up to there is taken, or not wanted. */
    private cursor: number,
  ) {
    const { scheduler, misfortune } = store.parts;
    this.letters = new Letters(durable.name);
    this.#lines = new Lines(scheduler, misfortune.chance, () => this.dispatch());
  }

  /** The newest consumer says what is wanted, and how. */
  join(member: Member, durable: Durable): void {
    this.durable = durable;
    this.#members.push(member);
    this.dispatch();
  }

  /** A member goes in order: what it has not done goes to others as if it had never had it. */
  leave(member: Member): void {
    this.#dismiss(member);
    for (const taken of member.give()) {
      this.#lines.add(taken);
      this.#lines.release(taken);
    }
    this.dispatch();
  }

  /** A member is gone: what it had counts as tried and comes again late, and with it some of what it had done last. */
  lose(member: Member): void {
    const { misfortune } = this.store.parts;
    const late = misfortune.lateness();
    this.#dismiss(member);
    for (const taken of member.acknowledged) {
      if (this.#mayComeAgain(taken) && misfortune.forgetsAck()) this.#undo(taken, late);
    }
    this.takeAway(member, late);
  }

  /** A member is not heard of: others get what it has. What it says of that later does not count. */
  takeAway(member: Member, late = 0): void {
    for (const taken of member.give()) {
      taken.fail(CRASHED, this.#now);
      if (taken.letter === undefined) this.#delay(taken, late);
      else this.letters.failAgain(taken.letter, taken, this.#now);
      this.#lines.release(taken);
    }
    this.dispatch();
  }

  /** A member does not answer at the moment. If `isStill` so after a while, others get what it has. */
  missing(member: Member, isStill: () => boolean): void {
    const { scheduler, misfortune } = this.store.parts;
    const run = (): void => {
      if (isStill()) this.takeAway(member);
    };
    scheduler.later(this.#now + misfortune.lateness(), { run });
  }

  /** Hands out what may go to whoever has a hand free. */
  dispatch(): void {
    this.#takeIn();
    for (let member = this.#freeMember(); member !== undefined; member = this.#freeMember()) {
      const taken = this.#next();
      if (taken === undefined) return;
      member.deliver(taken);
    }
  }

  /** How a delivery ended, if that still counts. */
  settle(delivery: Delivery, ending: Ending): void {
    const { taken, member } = delivery;
    if (!member.take(delivery)) return;
    if (ending.kind === 'done') this.#done(taken, member);
    else this.#failed(taken, ending);
    this.#lines.release(taken);
    this.dispatch();
  }

  /** One more delivery of a dead letter. False: no such letter. */
  redrive(id: string): boolean {
    const letter = this.letters.find(id);
    if (letter === undefined) return false;
    if (!letter.isRedriving) this.#tryAgain(letter);
    return true;
  }

  /** The event as it is now: its payload may have been erased since it was taken. */
  load(taken: Taken): LoggedEvent {
    return taken.letter?.content.event ?? this.store.at(taken.offset) ?? taken.event;
  }

  /** The first offset that is not done. */
  firstUndone(): number {
    let first = this.cursor + 1;
    for (const offset of this.#undone.keys()) first = Math.min(first, offset);
    return first;
  }

  /** How many events are not done, or not looked at. */
  lag(): number {
    return this.#undone.size + this.store.last - this.cursor;
  }

  get #now(): number {
    return this.store.parts.scheduler.clock.now();
  }

  #dismiss(member: Member): void {
    const index = this.#members.indexOf(member);
    if (index !== -1) this.#members.splice(index, 1);
  }

  /** Takes what the log has new. Without anyone to consume it, it stays where it is. */
  #takeIn(): void {
    if (this.#members.length === 0 || this.cursor === this.store.last) return;
    const wants = eventFilter(this.durable.filter);
    while (this.cursor < this.store.last) {
      const event = this.store.at(++this.cursor);
      if (event === undefined || !wants(event.workspaceId, event.type)) continue;
      const taken = new Taken(event, this.#keyOf(event));
      this.#undone.set(taken.offset, taken);
      this.#lines.add(taken);
    }
  }

  /** Any of them that has a hand free; without chance they take turns. */
  #freeMember(): Member | undefined {
    const { chance } = this.store.parts.misfortune;
    const free = this.#members.filter((member) => member.isFree);
    const member = free[chance === undefined ? 0 : chance.below(free.length)];
    if (member !== undefined) this.#members.push(...this.#members.splice(this.#members.indexOf(member), 1));
    return member;
  }

  #next(): Taken | undefined {
    for (let taken = this.#lines.next(); taken !== undefined; taken = this.#lines.next()) {
      if (taken.letter !== undefined || !this.#isExhausted(taken.attempts)) return taken;
      this.#bury(taken);
      this.#lines.release(taken);
    }
    return undefined;
  }

  #done(taken: Taken, member: Member): void {
    if (taken.letter !== undefined) {
      this.letters.discard(taken.letter.content.id);
      return;
    }
    this.#undone.delete(taken.offset);
    if (this.#mayComeAgain(taken) && this.store.parts.misfortune.losesAck()) this.#comesAgain(taken);
    else member.remember(taken);
  }

  #failed(taken: Taken, ending: Exclude<Ending, { kind: 'done' }>): void {
    if (ending.kind === 'away' && taken.letter === undefined && taken.holdUps < MOST_HOLD_UPS) return this.#holdUp(taken);
    taken.fail(ending.reason, this.#now);
    if (taken.letter !== undefined) this.letters.failAgain(taken.letter, taken, this.#now);
    else if (ending.kind === 'dead' || this.#isExhausted(taken.attempts)) this.#bury(taken);
    else this.#delay(taken, ending.kind === 'retry' ? ending.delay : this.#backOff(taken.attempts));
  }

  /** What it needs is away: that counts for nothing. */
  #holdUp(taken: Taken): void {
    taken.isAgain = true;
    taken.holdUps += 1;
    this.#delay(taken, this.#backOff(1));
  }

  #backOff(failures: number): number {
    const { backOff } = this.store.parts;
    return backOff[Math.min(failures, backOff.length) - 1] ?? 0;
  }

  #isExhausted(attempts: number): boolean {
    return this.durable.attempts !== 'unlimited' && attempts >= this.durable.attempts;
  }

  /** What was done and is delivered too often must not be buried for that. */
  #mayComeAgain(taken: Taken): boolean {
    return taken.offset >= this.store.first && !this.#undone.has(taken.offset) && !this.#isExhausted(taken.attempts + 1);
  }

  #bury(taken: Taken): void {
    this.letters.put(taken, this.load(taken), this.#now);
    this.#undone.delete(taken.offset);
  }

  /** Its key waits meanwhile. */
  #delay(taken: Taken, milliseconds: number): void {
    taken.dueAt = this.#now + milliseconds;
    this.#lines.add(taken);
  }

  /** It is as if it had not been acknowledged, and its key waits for it again. */
  #undo(taken: Taken, late: number): void {
    taken.attempts += 1;
    this.#undone.set(taken.offset, taken);
    this.#delay(taken, late);
  }

  /** It is delivered once more, some time; its key goes on meanwhile, for whoever did it knows that it is done. */
  #comesAgain(taken: Taken): void {
    const { scheduler, misfortune } = this.store.parts;
    taken.attempts += 1;
    this.#undone.set(taken.offset, taken);
    const run = (): void => {
      this.#lines.add(taken);
      this.dispatch();
    };
    scheduler.later(this.#now + misfortune.lateness(), { run });
  }

  #tryAgain(letter: Letter): void {
    letter.isRedriving = true;
    const taken = new Taken(letter.content.event, this.#keyOf(letter.content.event));
    taken.letter = letter;
    taken.attempts = letter.content.attempts;
    this.#lines.add(taken);
    this.dispatch();
  }

  #keyOf({ workspaceId, key }: LoggedEvent): string | undefined {
    return this.durable.order === 'none' || key === undefined ? undefined : `${workspaceId}\u0000${key}`;
  }
}

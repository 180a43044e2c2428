import type { DomainError } from '@millrace/kernel';
import type { Ended, Outcome, Plan, ReplyRequest, Signal, Turn } from '@millrace/language';
import { dueOutcomes, earliestDue, type Checkpoint, type Outstanding } from '../../domain/checkpoint';
import { endOfReplay } from '../../domain/replay';
import { withReply } from '../../domain/reply';
import type { Answer, TakeReply } from './answers';
import { timedOut, tooLong } from './early-ends';
import { END_EVENTS, type Journal } from './journal';
import { isOutcome, Mailbox, type Item } from './mailbox';
import { Place, type PlaceParts } from './place';
import type { Progress } from './keeping/progress';
import { finish, park, type PutDownParts, type Rest } from './put-down';
import { LEASE, NO_MAIL, WriteRefused } from './keeping/release';
import { RunTurns, type RunTurnsParts } from './turns/run-turns';
import { StandBack, type StandBackParts } from './turns/stand-back';
import { takenIn } from './turns/taken-in';
import { Underway, type UnderwayParts } from './underway';

export interface DriverParts extends UnderwayParts, PutDownParts, PlaceParts, RunTurnsParts, StandBackParts {
  readonly journal: Journal;
  /** Milliseconds a run may be in hand, waiting aside. */
  readonly longestActive: number;
}

/** Takes one run on, from its start or a checkpoint until it ends or parks: the language steps, this performs what it asks for. */
export class Driver {
  private readonly mailbox = new Mailbox();
  private readonly underway: Underway;
  private readonly turns: RunTurns;
  private readonly standBack: StandBack;
  /** Since when it has been in hand. */
  private since: number;
  private readonly place: Place;
  private closed = false;
  private failure: Error | undefined;
  private readonly rested = Promise.withResolvers<Rest>();

  constructor(
    private readonly parts: DriverParts,
    private readonly plan: Plan,
    private readonly progress: Progress,
    private readonly reply?: TakeReply,
  ) {
    this.since = parts.clock.now();
    this.place = new Place(parts);
    this.turns = new RunTurns(parts, plan, progress);
    this.standBack = new StandBack(parts, progress, this.mailbox);
    this.underway = new Underway(parts, plan, progress, {
      mail: () => this.mailbox.outcomes(),
      offer: (outcome) => this.offer(outcome),
      fault: (error) => this.fault(error),
    });
    this.rested.promise.catch(() => undefined);
  }

  get run() {
    return this.progress.run;
  }

  /** What the run waits for, and its steps so far. */
  look(): Pick<Checkpoint, 'outstanding' | 'steps'> {
    return { outstanding: [...this.progress.outstanding.values()], steps: this.progress.record() };
  }

  /** Resolves when the run has ended or is parked; rejects when this process could not take it on, with the run as it was last kept. */
  get rest(): Promise<Rest> {
    return this.rested.promise;
  }

  /** The answer of its endpoint, when it has ended; undefined when it is parked. */
  get answer(): Promise<Answer | undefined> {
    return this.rest.then((rest) => (rest.kind === 'ended' ? { head: this.progress.head, ended: rest.ended } : undefined));
  }

  /** Whether the run is being put down, or was. */
  get isResting(): boolean {
    return this.closed;
  }

  /** Hands in an outcome that came from outside. False: the run does not wait for it, or is being put down. */
  offer(outcome: Outcome): boolean {
    if (this.closed || !this.progress.settles(outcome)) return false;
    this.mailbox.put(outcome);
    return true;
  }

  /** As `offer`; true also when the run took the event of that id since it was parked. */
  takes(outcome: Outcome, event: string): boolean {
    return this.offer(outcome) || this.progress.wokenBy.includes(event);
  }

  /** Ends the run at its next step. False: too late. */
  signal(signal: Signal): boolean {
    if (this.closed || this.progress.ended !== undefined) return false;
    this.mailbox.put(signal);
    this.place.end(signal);
    this.standBack.end();
    return true;
  }

  /** Takes no place any more, if it still waits for one. */
  giveBack(): void {
    this.place.giveBack();
  }

  /** Resolves when the run is kept, so that no crash makes it be forgotten; rejects when it came to rest before. */
  async keep(): Promise<void> {
    while (this.progress.revision === 0 && !this.closed) await this.mailbox.keep();
  }

  /** Begins a run that nobody has seen before. */
  begin(): Promise<Rest> {
    return this.through(false, () => this.start());
  }

  /** Takes on a run from its checkpoint. `again`: whoever had it did not put it down, so what it had begun is begun again. */
  resume(inbox: readonly Outcome[], again: boolean): Promise<Rest> {
    return this.through(true, async () => {
      if (this.progress.ended !== undefined) return this.finish(this.progress.ended);
      if (this.progress.state === null) return this.start();
      const left = again ? Array.from(this.progress.outstanding.values(), ({ effect }) => effect) : [];
      const rest = await this.catchUp(inbox);
      if (rest !== undefined) return rest;
      this.onTime(false);
      await this.underway.beginAgain(left.filter(({ id }) => this.progress.outstanding.has(id)));
      return this.drive();
    });
  }

  /** Takes in what was recorded, by itself, and does what that decides: whoever did so before decided and did the same. */
  private async catchUp(inbox: readonly Outcome[]): Promise<Rest | undefined> {
    const { release } = this.parts;
    await release.decided(this.progress, () => inbox);
    this.progress.fixWaits();
    const rest = await this.takeInAll(inbox);
    if (rest === undefined) await release.decided(this.progress, () => this.mailbox.outcomes());
    return rest;
  }

  private async start(): Promise<Rest> {
    const { progress, parts } = this;
    const { locals = {}, run } = progress;
    const mustBeKept = run.gate !== undefined || run.detached === true || progress.isAgain;
    if (mustBeKept && progress.revision === 0) await parts.release.checkpoint(progress, NO_MAIL);
    this.mailbox.kept();
    if (run.retry === undefined) progress.locals = undefined;
    return this.drive(await this.takeIn(await this.turns.first(locals)));
  }

  /** Waits for a place, works, and lets go of everything. */
  private through(resumed: boolean, work: () => Promise<Rest>): Promise<Rest> {
    this.place
      .take(this.run, resumed)
      .then((ended) => (ended === undefined ? this.work(work) : this.turnedAway(ended)))
      .catch((error: unknown) => (error instanceof WriteRefused ? this.refused(error.refused) : Promise.reject(error)))
      .then(this.rested.resolve, this.rested.reject)
      .finally(() => this.letGo());
    return this.rest;
  }

  private work(work: () => Promise<Rest>): Promise<Rest> {
    this.since = this.parts.clock.now();
    return work();
  }

  private turnedAway(ended: Ended): Promise<Rest> {
    this.ends(ended, this.parts.clock.now());
    return this.finish(ended);
  }

  private letGo(): void {
    this.closed = true;
    this.mailbox.kept();
    this.place.leave();
    this.underway.abort();
  }

  private async drive(rest?: Rest): Promise<Rest> {
    for (let found = rest; ; found = await this.next()) if (found !== undefined) return found;
  }

  /** Parks the run, or takes in what has come. */
  private async next(): Promise<Rest | undefined> {
    this.onTime(false);
    if (this.mayPark()) await this.parts.release.decided(this.progress, () => this.mailbox.outcomes());
    if (this.mayPark()) return this.park();
    const items = await this.await();
    if (this.failure !== undefined) throw this.failure;
    const outcomes = items.filter((item) => item !== 'keep');
    const rest = await this.takeInAll(outcomes);
    await this.underway.withdraw([]);
    if (rest === undefined && items.includes('keep')) await this.parts.release.checkpoint(this.progress, () => this.mailbox.outcomes());
    this.mailbox.kept();
    return rest;
  }

  private async takeInAll(outcomes: readonly (Outcome | Signal)[]): Promise<Rest | undefined> {
    for (const event of this.parts.journal.failures(this.plan, this.progress, outcomes.filter(isOutcome))) this.progress.emits(event);
    return outcomes.length === 0 ? undefined : this.takeIn(await this.turns.next(outcomes));
  }

  /** What is in the mailbox, once there is something; time brings outcomes too, and has the lease of a run that is kept renewed. */
  private async await(): Promise<readonly Item[]> {
    const { alarms, clock } = this.parts;
    const { outstanding, run, revision, leasedUntil } = this.progress;
    const limit = this.activeUntil;
    const due = Math.min(earliestDue({ run, outstanding: [...outstanding.values()] }), limit);
    const renew = revision === 0 ? Infinity : leasedUntil - (2 * LEASE) / 3;
    const stop = alarms.set(Math.min(due, renew), () => {
      if (clock.now() >= renew) this.mailbox.put('keep');
      this.onTime(clock.now() >= limit);
    });
    try {
      return await this.mailbox.take();
    } finally {
      stop();
    }
  }

  /** When it will have been in hand for as long as it may. */
  private get activeUntil(): number {
    return this.since + this.parts.longestActive - this.progress.active;
  }

  private onTime(overLimit: boolean): void {
    const now = this.parts.clock.now();
    const { outstanding, run } = this.progress;
    for (const outcome of dueOutcomes([...outstanding.values()], now)) this.offer(outcome);
    if (now >= run.deadline) this.signal(timedOut(now));
    else if (overLimit) this.signal(tooLong(now, this.parts.longestActive));
  }

  /** Takes what a turn says into what is kept of the run, and only then acts on it: a checkpoint never knows half a turn. */
  private async takeIn(turn: Turn): Promise<Rest | undefined> {
    const now = this.parts.clock.now();
    this.progress.state = turn.state;
    const dropped = turn.dropped.flatMap((id) => this.underway.drop(id));
    const { asked, replies, emits } = takenIn(this.parts, this.progress, turn, now);
    const ended = turn.ended && endOfReplay(this.run.replay, turn.ended, (step) => this.progress.hasBegun(step));
    if (ended !== undefined) this.ends(ended, now);
    await this.standBack.after({ emits, passes: turn.passes ?? 0 }, Math.min(this.run.deadline, this.activeUntil));
    await this.underway.withdraw(dropped);
    for (const reply of replies) await this.replies(reply);
    if (ended !== undefined) return this.finish(ended);
    await this.underway.begin(asked);
    return undefined;
  }

  private ends(ended: Ended, now: number): void {
    const { progress } = this;
    progress.ended = ended;
    const ending = { at: now, mustBeKnown: !progress.isRepeatable, isAwaited: this.plan.waits, limits: this.plan.limits };
    for (const event of this.parts.journal.end(progress, ended, ending)) progress.emits(event);
  }

  /** What the run wrote was not taken: that is how it ends, whatever it thought before. */
  private refused({ code, refusal, message }: DomainError): Promise<Rest> {
    const failed = { error: { code, refusal, message } };
    this.progress.withdraws(END_EVENTS);
    this.ends(failed, this.parts.clock.now());
    return this.finish(failed);
  }

  /** A part of the answer leaves the run: what came before it is done first. */
  private async replies(request: ReplyRequest): Promise<void> {
    this.progress.head = withReply(this.progress.head, request);
    if (request.chunk !== undefined) await this.parts.release.decided(this.progress, () => this.mailbox.outcomes());
    await this.reply?.(request);
  }

  /** An effect could not be performed for a reason that is not the run's: this process gives the run up. */
  private fault(error: unknown): void {
    this.failure = error instanceof Error ? error : new Error(String(error));
    this.mailbox.put('keep');
  }

  private mayPark(): boolean {
    const { outstanding } = this.progress;
    const waits = ({ effect }: Outstanding): boolean => effect.parks && !this.parts.effects.isAnswered(this.progress, effect);
    return this.mailbox.isEmpty && outstanding.size > 0 && [...outstanding.values()].every(waits);
  }

  private park(): Promise<Rest> {
    this.closed = true;
    this.progress.active += this.parts.clock.now() - this.since;
    return park(this.parts, this.progress);
  }

  private finish(ended: Ended): Promise<Rest> {
    this.closed = true;
    const left = this.underway.dropAll();
    return finish(this.parts, this.progress, ended, () => this.underway.withdraw(left));
  }
}

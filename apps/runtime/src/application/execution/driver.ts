import { DomainError, type Alarms, type Clock, type JsonMap } from '@millrace/kernel';
import {
  start,
  step,
  type Effect,
  type Ended,
  type Outcome,
  type Plan,
  type ReplyRequest,
  type Signal,
  type Turn,
} from '@millrace/language';
import { dueOutcomes, earliestDue, type Checkpoint } from '../../domain/checkpoint';
import { withReply } from '../../domain/reply';
import type { Answer, Answers } from './answers';
import type { Effects } from './effects';
import type { Admission } from '../admission/admission';
import type { Slots } from '../admission/slots';
import { beginOf } from './begin-of';
import { END_EVENTS, type Journal } from './journal';
import { Mailbox } from './mailbox';
import type { Progress } from './progress';
import type { Retries } from './retries';
import { WriteRefused, type Release } from './release';
import type { RunStore } from './run-store';
import type { Timers } from '../timers/timers';
import type { Approvals } from '../approvals/approvals';
import type { Waiting } from '../waiting/waiting';

/** How a run left the hand of this process. */
export type Rest = { readonly kind: 'ended'; readonly ended: Ended } | { readonly kind: 'parked' };

export interface DriverParts {
  readonly release: Release;
  readonly effects: Effects;
  readonly waiting: Waiting;
  readonly approvals: Approvals;
  readonly journal: Journal;
  readonly store: RunStore;
  readonly timers: Timers;
  readonly answers: Answers;
  readonly admission: Admission;
  readonly slots: Slots;
  readonly retries: Retries;
  readonly clock: Clock;
  readonly alarms: Alarms;
  /** Milliseconds a run may be in hand, waiting aside. */
  readonly longestActive: number;
  /** Read-only keys of contexts, such as where the API is. */
  readonly prefilled: Readonly<Record<string, JsonMap>>;
}

/** Takes the parts of an endpoint's answer. Awaited, so that a slow reader slows the run. */
export type TakeReply = (request: ReplyRequest) => Promise<void>;

/** Takes one run on, from its start or a checkpoint until it ends or parks: the language steps, this performs what it asks for. */
export class Driver {
  private readonly mailbox = new Mailbox<Outcome | Signal | 'keep'>();
  private readonly under = new Map<string, AbortController>();
  private readonly since: number;
  private readonly giveUp = new AbortController();
  private leave = (): void => undefined;
  private keepers: (() => void)[] = [];
  private closed = false;
  private failure: unknown;
  private readonly rested = Promise.withResolvers<Rest>();

  constructor(
    private readonly parts: DriverParts,
    private readonly plan: Plan,
    private readonly progress: Progress,
    private readonly reply?: TakeReply,
  ) {
    this.since = parts.clock.now();
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

  /** Whether a wait of this run took that event since its last release. */
  tookEvent(id: string): boolean {
    return this.progress.taken.includes(id);
  }

  /** Ends the run at its next step. False: too late. */
  signal(signal: Signal): boolean {
    if (this.closed) return false;
    this.mailbox.put(signal);
    return true;
  }

  /** Takes no place any more, if it still waits for one. */
  giveBack(): void {
    this.giveUp.abort(new DomainError('runtime.stopping', 'unavailable', 'The runtime is being stopped. Try again in a few seconds.'));
  }

  /** Resolves when the run is kept, so that no crash makes it be forgotten; rejects when it came to rest before. */
  async keep(): Promise<void> {
    while (this.progress.revision === 0 && !this.closed) {
      const kept = new Promise<void>((resolve) => this.keepers.push(resolve));
      this.mailbox.put('keep');
      await kept;
    }
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
      await this.parts.release.decided(this.progress, () => inbox);
      for (const outcome of inbox) this.mailbox.put(outcome);
      this.onTime(false);
      if (again) await this.performAll([...this.progress.outstanding.values()].map(({ effect }) => effect));
      return this.drive();
    });
  }

  private async start(): Promise<Rest> {
    const { progress, parts } = this;
    const { locals = {}, run } = progress;
    const mustBeKept = run.gate !== undefined || run.detached === true;
    if (mustBeKept && progress.revision === 0) await parts.release.checkpoint(progress, []);
    this.tellKeepers();
    if (run.retry === undefined) progress.locals = undefined;
    return this.drive(await this.takeIn(start(this.plan, beginOf(run, locals, parts.prefilled))));
  }

  /** Waits for a place, works, and lets go of everything. */
  private through(resumed: boolean, work: () => Promise<Rest>): Promise<Rest> {
    this.admit(resumed)
      .then((refusal) => (refusal === undefined ? work() : this.turnedAway(refusal)))
      .catch((error: unknown) => (error instanceof WriteRefused ? this.refused(error.refused) : Promise.reject(error)))
      .then(this.rested.resolve, this.rested.reject)
      .finally(() => this.letGo());
    return this.rest;
  }

  private async admit(resumed: boolean): Promise<Ended | undefined> {
    const { id, workspaceId, slug, priority, gate } = this.run;
    const concurrency = gate === undefined ? {} : { concurrency: gate };
    const applicant = { run: id, workspaceId, slug, priority, resumed, signal: this.giveUp.signal, ...concurrency };
    const admitted = await this.parts.admission.enter(applicant);
    if (admitted.kind === 'admitted') this.leave = admitted.release;
    return admitted.kind === 'admitted' ? undefined : TURNED_AWAY[admitted.kind];
  }

  private turnedAway(ended: Ended): Promise<Rest> {
    this.ends(ended, this.parts.clock.now());
    return this.finish(ended);
  }

  private tellKeepers(): void {
    for (const tell of this.keepers.splice(0)) tell();
  }

  private letGo(): void {
    this.closed = true;
    this.tellKeepers();
    this.leave();
    for (const controller of this.under.values()) controller.abort();
  }

  private async drive(rest?: Rest): Promise<Rest> {
    for (let found = rest; ; found = await this.next()) if (found !== undefined) return found;
  }

  /** Parks the run, or takes in what has come. */
  private async next(): Promise<Rest | undefined> {
    this.onTime(false);
    if (this.mayPark()) return this.park();
    const items = await this.await();
    if (this.failure !== undefined) throw this.failure;
    const outcomes = items.filter((item) => item !== 'keep');
    const rest = outcomes.length === 0 ? undefined : await this.takeIn(step(this.plan, this.progress.state, outcomes));
    for (const wait of this.progress.overWaits.splice(0)) await this.parts.waiting.forget(this.run, wait);
    if (rest === undefined && items.includes('keep')) await this.parts.release.checkpoint(this.progress, this.mail());
    this.tellKeepers();
    return rest;
  }

  /** What is in the mailbox, once there is something; time brings outcomes too. */
  private async await(): Promise<readonly (Outcome | Signal | 'keep')[]> {
    const { alarms, clock, longestActive } = this.parts;
    const { outstanding, run, active } = this.progress;
    const limit = this.since + longestActive - active;
    const due = earliestDue({ run, outstanding: [...outstanding.values()] });
    const stop = alarms.set(Math.min(due, limit), () => this.onTime(clock.now() >= limit));
    try {
      return await this.mailbox.take();
    } finally {
      stop();
    }
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
    const dropped = turn.dropped.flatMap((id) => this.dropped(id));
    const asked: Effect[] = [];
    const replies: ReplyRequest[] = [];
    for (const effect of turn.effects) {
      if (effect.kind === 'emit') this.emit(effect, now);
      else if (effect.kind === 'reply') replies.push(effect.request);
      else if (effect.kind === 'write' && !effect.blocks) this.progress.writes(effect.request);
      else asked.push(effect);
    }
    for (const effect of asked) this.progress.asks(effect, now);
    if (turn.ended !== undefined) this.ends(turn.ended, now);
    for (const effect of dropped) await this.withdraw(effect);
    for (const reply of replies) await this.replies(reply);
    if (turn.ended !== undefined) return this.finish(turn.ended);
    await this.performAll(asked);
    return undefined;
  }

  private emit(effect: Extract<Effect, { kind: 'emit' }>, now: number): void {
    this.progress.begins(effect, now);
    this.progress.emits(this.parts.journal.emit(this.run, effect, now));
  }

  private ends(ended: Ended, now: number): void {
    const { progress } = this;
    progress.ended = ended;
    const ending = { at: now, mustBeKnown: !progress.isRepeatable };
    for (const event of this.parts.journal.end(progress.run, ended, progress.record(), ending)) progress.emits(event);
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
    if (request.chunk !== undefined) await this.parts.release.decided(this.progress, () => this.mail());
    await this.reply?.(request);
  }

  private async performAll(effects: readonly Effect[]): Promise<void> {
    const { release } = this.parts;
    const inside = effects.filter((effect) => !effect.parks && !this.parts.effects.leaves(effect));
    for (const effect of inside) this.perform(effect);
    const outside = effects.filter((effect) => !effect.parks && this.parts.effects.leaves(effect));
    if (outside.length > 0) await release.beforeOutside(this.progress, () => this.mail());
    for (const effect of outside) this.perform(effect);
    const parking = effects.filter(({ parks }) => parks);
    if (parking.length > 0) await release.beforeWaiting(this.progress, () => this.mail());
    for (const effect of parking) await this.register(effect);
  }

  private perform(effect: Effect): void {
    const controller = new AbortController();
    this.under.set(effect.id, controller);
    this.parts.effects
      .perform(this.plan, this.progress, effect, controller.signal)
      .then(
        (result) => this.offer({ effect: effect.id, at: effect.kind === 'yield' ? 0 : this.parts.clock.now(), ...result }),
        (error: unknown) => this.fault(error),
      )
      .finally(() => this.under.delete(effect.id));
  }

  /** An effect could not be performed for a reason that is not the run's: this process gives the run up. */
  private fault(error: unknown): void {
    this.failure = error;
    this.mailbox.put('keep');
  }

  private async register(effect: Effect): Promise<void> {
    if (effect.kind === 'wait') {
      const outcome = await this.parts.waiting.register(this.plan, this.progress, effect);
      if (outcome !== undefined && this.offer(outcome)) await this.parts.waiting.forget(this.run, effect.id);
    } else if (effect.kind === 'approve') {
      await this.parts.approvals.ask(this.run, effect);
    } else if (effect.kind !== 'sleep') {
      const result = await this.parts.effects.perform(this.plan, this.progress, effect, new AbortController().signal);
      this.offer({ effect: effect.id, at: this.parts.clock.now(), ...result });
    }
  }

  /** Gives up an effect; answers it if others have to be told so. */
  private dropped(id: string): readonly Effect[] {
    this.under.get(id)?.abort();
    const effect = this.progress.drops(id)?.effect;
    return effect?.parks === true ? [effect] : [];
  }

  /** Nobody waits for this any more. */
  private async withdraw({ id, kind }: Effect): Promise<void> {
    if (kind === 'wait') await this.parts.waiting.forget(this.run, id);
    if (kind === 'approve') await this.parts.approvals.withdraw(this.run, id);
  }

  private mayPark(): boolean {
    const { outstanding } = this.progress;
    return this.mailbox.isEmpty && outstanding.size > 0 && [...outstanding.values()].every(({ effect }) => effect.parks);
  }

  /** Puts the run down: somebody takes it on when an event, an answer or the clock says so. */
  private async park(): Promise<Rest> {
    this.closed = true;
    const { progress, parts } = this;
    const due = earliestDue({ run: progress.run, outstanding: [...progress.outstanding.values()] });
    progress.active += parts.clock.now() - this.since;
    await parts.timers.set(progress.run.id, due);
    progress.timer = due;
    await parts.release.checkpoint(progress, [], 'parked');
    return { kind: 'parked' };
  }

  private async finish(ended: Ended): Promise<Rest> {
    const { progress, parts } = this;
    const { run } = progress;
    this.closed = true;
    if ('error' in ended) await parts.retries.again(run, progress.locals);
    const left = [...progress.outstanding.keys()].flatMap((id) => this.dropped(id));
    await parts.release.last(progress, run.keyed === true);
    for (const effect of left) await this.withdraw(effect);
    await parts.answers.give(run, { head: progress.head, ended }, progress.revision > 0);
    if (progress.revision > 0) await parts.store.remove(run.id);
    if (progress.timer !== undefined) await parts.timers.clear(run.id, progress.timer);
    if (run.gate !== undefined) await parts.slots.free({ ...run, key: run.gate.key }, run.id);
    return { kind: 'ended', ended };
  }

  private mail(): readonly Outcome[] {
    return this.mailbox.peek().filter((item): item is Outcome => item !== 'keep' && !('signal' in item));
  }
}

/** How a run ends that its automation's concurrency did not let begin. */
const TURNED_AWAY: Readonly<Record<'skipped' | 'rejected', Ended>> = {
  skipped: { cancelled: true, reason: 'As many runs as its concurrency allows were going on.' },
  rejected: { error: { code: 'runtime.busy', refusal: 'exhausted', message: 'As many runs as its concurrency allows are going on.' } },
};

function timedOut(at: number): Signal {
  return { signal: 'fail', at, error: { code: 'runtime.run_timeout', message: 'The run took longer than its automation allows.' } };
}

function tooLong(at: number, longest: number): Signal {
  const message = `The run was in hand for more than ${longest / 1000} s, waiting aside.`;
  return { signal: 'fail', at, error: { code: 'runtime.run_limit', message } };
}

import type { Json, JsonMap } from '@millrace/kernel';
import type { Effect, Ended, Outcome, Secrets, WriteRequest } from '@millrace/language';
import type { Checkpoint, EventDraft, Outstanding, Pending, Since } from '../../../domain/checkpoint';
import { NOTHING_PENDING, sealedCheckpoint } from '../../../domain/checkpoint';
import { EMPTY_HEAD, type ReplyHead } from '../../../domain/reply';
import { stepBegun, stepEnded, type StepRecord } from '../../../domain/records/step-record';
import type { Run } from '../../../domain/run';

/** Effects that are no step of their own in the record of a run. */
const UNRECORDED: ReadonlySet<Effect['kind']> = new Set(['load', 'yield', 'reply', 'chunk']);

/** A run in the hand of one process: what a checkpoint holds, as it changes, and what the checkpoints so far have not recorded. */
export class Progress {
  state: Json = null;
  locals: JsonMap | undefined;
  ended: Ended | undefined;
  pending: Pending = NOTHING_PENDING;
  flushes = 0;
  taken: readonly string[] = [];
  wokenBy: readonly string[] = [];
  active = 0;
  head: ReplyHead = EMPTY_HEAD;
  timer: number | undefined;
  /** Waits that time has ended: still to be forgotten. */
  overWaits: readonly string[] = [];
  /** What the run may read of them; never kept. */
  secrets: Secrets = {};
  private position = '';
  /** Outcomes came since the last checkpoint that a repeat would not give again. */
  inputs = false;
  /** It was told or done something that a repeat would be told or do again: that it has ended has to be known. */
  private touched = false;
  /** Until when nobody else takes the run on, for all this process knows. Milliseconds since 1970. */
  leasedUntil = 0;
  /** What lives with its correlation is kept for it: that has to end with it. */
  holds = false;
  /** Another process may believe to have the run: it has to find out before anything is done. */
  isAgain = false;
  /** Revision of the last checkpoint; 0: there is none. */
  revision = 0;
  readonly outstanding = new Map<string, Outstanding>();
  private readonly steps = new Map<string, StepRecord>();

  constructor(public run: Run) {}

  /** Position (`epoch-offset`) of the last release. */
  get from(): string {
    return this.position;
  }

  /** Something has left the run: what it waits for comes after this position. */
  releasedAt(position: string): void {
    this.position = position;
    this.taken = [];
  }

  /** The run as a checkpoint left it, unsealed. Whoever had it may have been about to park it: what that began has to end with it. */
  static of(
    {
      run,
      state,
      locals,
      outstanding,
      pending,
      flushes,
      from,
      taken,
      wokenBy,
      overWaits,
      steps,
      active,
      head,
      ended,
      timer,
      holds = true,
    }: Checkpoint,
    revision: number,
  ): Progress {
    const progress = new Progress(run);
    Object.assign(progress, { state, locals, ended, pending, flushes, wokenBy, overWaits, active, head, revision, timer, holds });
    progress.releasedAt(from);
    progress.taken = taken;
    for (const one of outstanding) progress.outstanding.set(one.effect.id, one);
    for (const step of steps) progress.steps.set(step.step, step);
    return progress;
  }

  checkpoint(rest: Pick<Checkpoint, 'status' | 'lease'>, inbox: readonly Outcome[] = []): Checkpoint {
    const { run, state, locals, pending, flushes, from, taken, wokenBy, overWaits, active, head, ended, timer, holds } = this;
    const outstanding = [...this.outstanding.values()];
    const checkpoint: Checkpoint = {
      v: 1,
      run,
      state,
      outstanding,
      inbox,
      pending,
      flushes,
      from,
      taken,
      wokenBy,
      overWaits,
      steps: this.record(),
      active,
      head,
      ...rest,
      ...(locals === undefined ? {} : { locals }),
      ...(ended === undefined ? {} : { ended }),
      ...(timer === undefined ? {} : { timer }),
      ...(holds ? { holds } : {}),
    };
    return sealedCheckpoint(checkpoint, this.secrets);
  }

  /** Whether a crash now would lose the run for good: nobody would start it again. */
  get isVolatile(): boolean {
    return this.revision === 0 && (this.run.startedBy === undefined || this.run.detached === true);
  }

  /** Whether a repeat of the run would change nothing, so that nobody needs to know that it has ended. */
  get isRepeatable(): boolean {
    return this.revision === 0 && this.flushes === 0 && !this.touched;
  }

  /** The flushes before this one are through, and no crash makes the run repeat them once there is a checkpoint. */
  get oldestFlush(): number {
    const asked = [...this.outstanding.values()].map(({ flush }) => flush ?? Infinity);
    return Math.min(this.pending.writes.length > 0 ? this.pending.flush : this.flushes, ...asked);
  }

  /** Whether a step has begun. */
  hasBegun(step: string): boolean {
    return this.steps.has(step);
  }

  /** Every step so far, in order of their beginnings. */
  record(): readonly StepRecord[] {
    return [...this.steps.values()];
  }

  stepOf(effect: string): StepRecord | undefined {
    return this.steps.get(effect);
  }

  emits(event: EventDraft): void {
    this.pending = { ...this.pending, events: [...this.pending.events, event] };
  }

  /** Gives up what was to be written, and the events of these types that were to be told. */
  withdraws(types: readonly string[]): void {
    const events = this.pending.events.filter(({ type }) => !types.includes(type));
    this.pending = { ...NOTHING_PENDING, events };
  }

  writes(request: WriteRequest): void {
    const { flush, writes, events } = this.pending;
    this.pending = { flush: writes.length > 0 ? flush : this.flushes++, writes: [...writes, request], events };
  }

  asks(effect: Effect, now: number): void {
    const flush = effect.kind === 'write' ? { flush: this.flushes++ } : {};
    this.outstanding.set(effect.id, { effect, ...flush });
    this.begins(effect, now);
  }

  begins(effect: Effect, now: number): void {
    if (!UNRECORDED.has(effect.kind)) this.steps.set(effect.id, stepBegun(effect, now));
  }

  /** An outcome has come. False: nobody waits for it. */
  settles(outcome: Outcome): boolean {
    const asked = this.outstanding.get(outcome.effect);
    if (asked === undefined) return false;
    this.outstanding.delete(outcome.effect);
    if (asked.effect.kind !== 'yield') this.inputs = this.touched = true;
    if (asked.effect.kind === 'wait') this.endsWait(outcome);
    const step = this.steps.get(outcome.effect);
    if (step !== undefined) this.steps.set(outcome.effect, stepEnded(step, outcome));
    return true;
  }

  /** Waits that no event has ended: others have to be told that they are over. */
  endedWithout(waits: readonly string[]): void {
    this.overWaits = [...this.overWaits, ...waits];
  }

  private endsWait(outcome: Outcome): void {
    const event = takenBy(outcome);
    if (event === undefined) {
      this.endedWithout([outcome.effect]);
      return;
    }
    this.taken = [...this.taken, event];
    this.wokenBy = [...this.wokenBy, event];
  }

  /** No later release changes which events are meant for the waits that were asked for so far. */
  fixWaits(): void {
    for (const { effect } of this.outstanding.values()) if (effect.kind === 'wait') this.sinceFor(effect.id);
  }

  /** Which events are meant for a wait: those after the last release, as it was when this was asked first. */
  sinceFor(wait: string): Since {
    const asked = this.outstanding.get(wait);
    const since = asked?.since ?? { from: this.position, taken: this.taken };
    if (asked !== undefined) this.outstanding.set(wait, { ...asked, since });
    return since;
  }

  /** Nobody waits for the outcome any more. */
  drops(effect: string): Outstanding | undefined {
    const dropped = this.outstanding.get(effect);
    this.outstanding.delete(effect);
    return dropped;
  }
}

/** The id of the event that a wait has taken; undefined when its time was over. */
function takenBy({ value }: Outcome): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' ? value.id : undefined;
}

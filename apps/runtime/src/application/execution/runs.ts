import type { JsonMap } from '@millrace/kernel';
import type { Outcome, Plan } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { dueOutcomes, earliestDue, unsealedCheckpoint, type Checkpoint } from '../../domain/checkpoint';
import { runKey, runOfKey, type Run, type RunName } from '../../domain/run';
import { withBegin } from '../../domain/records/run-begin';
import { withoutMarked } from '../../domain/records/without-paths';
import type { Models } from '../models';
import type { FinishedRuns } from '../starting/finished-runs';
import type { MatchedWait, WaitRecord } from '../waiting/wait-index';
import { cancelled } from './early-ends';
import type { TakeReply } from './answers';
import { Driver, type DriverParts } from './driver';
import { Progress } from './keeping/progress';
import { LEASE } from './keeping/release';
import type { StoredRun } from './keeping/run-store';

/** How a run comes to this process. */
interface Coming {
  /** Another process may believe to have it. */
  readonly isAgain?: boolean;
  /** When what starts it came, if that was before now: a process that was away meanwhile may have lost it. */
  readonly since?: number;
}

export interface RunsParts extends DriverParts {
  readonly models: Models;
  readonly finished: FinishedRuns;
  readonly log: Log;
  /** This process, by a name no other process ever had. */
  readonly owner: string;
}

/** The runs this process has in hand, and how others come into it. One run is never in two hands of it. */
export class Runs {
  private readonly active = new Map<string, Driver>();
  /** Who takes the parts of runs' answers, across waits. */
  private readonly takers = new Map<string, TakeReply>();
  /** Runs that are being taken over, each by one at a time. */
  private readonly coming = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: RunsParts) {}

  /** How many are in hand. */
  get size(): number {
    return this.active.size;
  }

  find(run: string): Driver | undefined {
    return this.active.get(run);
  }

  /** Runs that are in hand. */
  inHand(): readonly Run[] {
    return [...this.active.values()].map(({ run }) => run);
  }

  /**
   * Begins a run that is not known yet; joins it when it is in hand. `reply` takes the parts of its answer, as long as this process has the
   * run in hand and until `stopReply`.
   */
  begin(plan: Plan, run: Run, locals: JsonMap, reply?: TakeReply, { isAgain = false, since }: Coming = {}): Driver {
    const known = this.active.get(run.id);
    if (known !== undefined) return known;
    const progress = new Progress(withBegin(run, withoutMarked(locals, plan, run.slug)));
    progress.releasedAt(run.startedBy ?? '');
    if (reply !== undefined) this.takers.set(run.id, reply);
    progress.locals = locals;
    progress.isAgain = isAgain;
    progress.leasedUntil = (since ?? this.parts.clock.now()) + LEASE;
    const driver = new Driver(this.parts, plan, progress, this.replyOf(run.id));
    this.hold(driver);
    void driver.begin().catch(() => undefined);
    return driver;
  }

  /** The parts of a run's answer are not taken so any more. */
  stopReply(run: string, reply: TakeReply): void {
    if (this.takers.get(run) === reply) this.takers.delete(run);
  }

  /** Takes on a run whose last process is gone, as far as it was kept. Undefined: nothing is kept of it. */
  async recover(run: RunName): Promise<Driver | undefined> {
    for (;;) {
      const known = this.active.get(run.id);
      if (known !== undefined) return known;
      const stored = await this.parts.store.read(run);
      if (stored === undefined || stored.checkpoint.status === 'parked') return undefined;
      const taken = await this.takeOver(stored, []);
      if (taken !== undefined) return taken;
    }
  }

  /** Whether a run has been begun and has not ended, as far as it is kept, and is not in hand here. */
  async isKept(run: RunName): Promise<boolean> {
    return !this.active.has(run.id) && (await this.parts.store.read(run)) !== undefined;
  }

  /** Whether a run goes on somewhere, as far as is known here. */
  async isAlive(run: RunName): Promise<boolean> {
    return this.active.has(run.id) || (await this.isKept(run));
  }

  /** Whether nobody needs to know a wait any more: its run has ended, or is parked and waits for something else. */
  async isOver({ workspaceId, run, effect }: Pick<WaitRecord, 'workspaceId' | 'run' | 'effect'>): Promise<boolean> {
    if (this.active.has(run)) return false;
    const checkpoint = (await this.parts.store.read({ workspaceId, id: run }))?.checkpoint;
    if (checkpoint === undefined) return true;
    return checkpoint.status === 'parked' && checkpoint.outstanding.every(({ effect: { id } }) => id !== effect);
  }

  /** Whether a run is parked: it has been begun, and nobody need begin it again. */
  async isParked(run: RunName): Promise<boolean> {
    return (await this.parts.store.read(run))?.checkpoint.status === 'parked';
  }

  /**
   * Hands an event to a run that waits for it. Undefined: the run does not wait any more, another event was first. Of two events exactly one
   * is taken; the same event again finds the run it was taken by.
   */
  wake({ wait, accepted }: MatchedWait, event: LoggedEvent): Promise<Driver | undefined> {
    const { workspaceId, run: id } = wait;
    return this.deliver({ workspaceId, id }, { effect: wait.effect, at: event.recordedAt, value: accepted.value }, event.id);
  }

  /** Hands an outcome to a run, wherever it is. `event`: the id of the event it comes from. Undefined: nobody waits for it. */
  async deliver(run: RunName, outcome: Outcome, event = ''): Promise<Driver | undefined> {
    for (;;) {
      const driver = this.active.get(run.id);
      if (driver?.takes(outcome, event) === true) return driver;
      await driver?.rest.catch(() => undefined);
      const stored = await this.parts.store.read(run);
      const wanted = stored === undefined ? undefined : wantedOf(stored.checkpoint, outcome, event);
      if (stored === undefined || wanted === undefined) return undefined;
      if (event === '') await this.watchOver(run);
      const taken = await this.takeOver(stored, wanted);
      if (taken !== undefined) return taken;
    }
  }

  /** A run's time has come: waits that are over, a process that left it. Resolves when somebody will come for it again, if need be. */
  async onTimer(run: RunName): Promise<void> {
    const { clock, owner, timers, store } = this.parts;
    for (;;) {
      if ((await this.active.get(run.id)?.rest)?.kind === 'ended') return;
      const stored = await store.read(run);
      if (stored === undefined) return;
      const { status, outstanding } = stored.checkpoint;
      const due = dueFor(stored.checkpoint, owner);
      if (due > clock.now()) return timers.set(runKey(run), due);
      const driver = await this.takeOver(stored, status === 'parked' ? dueOutcomes(outstanding, clock.now()) : []);
      await driver?.rest;
      if (driver !== undefined) return;
    }
  }

  /** As `onTimer`, by the name of the timer. */
  onTimerOf(timer: string): Promise<void> {
    return this.onTimer(runOfKey(timer));
  }

  /** Gives back the runs that wait for a place; whoever has them next begins them. Those in hand go on. */
  drain(): void {
    for (const driver of this.active.values()) driver.giveBack();
  }

  /** Ends a run at its next step, unless what it has taken in already ends it. Undefined: there is no such run, or it has ended. */
  async cancel(run: RunName, by: string): Promise<Driver | undefined> {
    const at = this.parts.clock.now();
    for (;;) {
      const known = this.active.get(run.id);
      if (known?.signal(cancelled(at, by)) === true) return known;
      if (known !== undefined) await known.rest.catch(() => undefined);
      const stored = await this.parts.store.read(run);
      if (stored === undefined) return undefined;
      await this.watchOver(run);
      const driver = await this.takeOver({ ...stored, checkpoint: { ...stored.checkpoint, cancel: by } }, []);
      if (driver !== undefined) return driver;
    }
  }

  /** Should this process be gone before the run is put down, somebody takes it on: no event and no timer of its own would see to that. */
  private async watchOver(run: RunName): Promise<void> {
    await this.parts.timers.setAhead(runKey(run), LEASE);
  }

  /** Removes what is kept of a run whose end is on the log: its process went away in between. */
  private async clearAway({ run, outstanding, overWaits }: Checkpoint): Promise<void> {
    const waits = outstanding.flatMap(({ effect: { kind, id } }) => (kind === 'wait' ? [id] : []));
    for (const wait of [...waits, ...overWaits]) await this.parts.waiting.forget(run, wait);
    if (run.gate !== undefined) await this.parts.slots.free({ ...run, key: run.gate.key }, runKey(run));
    await this.parts.contexts.letGo(run);
    await this.parts.store.remove(run);
  }

  /** Makes a kept run this process's: the compare-and-set decides. Undefined: somebody else was faster, or it has ended. */
  private async takeOver(stored: StoredRun, outcomes: readonly Outcome[]): Promise<Driver | undefined> {
    const { id } = stored.checkpoint.run;
    const other = this.coming.get(id);
    if (other !== undefined) await other.catch(() => undefined);
    if (other !== undefined || this.active.has(id)) return undefined;
    const taking = this.take(stored, outcomes);
    this.coming.set(id, taking);
    return taking.finally(() => this.coming.delete(id));
  }

  private async take({ checkpoint: kept, revision }: StoredRun, outcomes: readonly Outcome[]): Promise<Driver | undefined> {
    const { run, status, ended } = kept;
    if (status === 'running' && ended === undefined && (await this.parts.finished.isOnLog(run, kept.from))) {
      await this.clearAway(kept);
      return undefined;
    }
    const plan = await this.parts.models.version(run.workspaceId, run.digest, run.region);
    const secrets = await this.parts.secrets.of(plan, run);
    const checkpoint = unsealedCheckpoint(kept, secrets);
    const progress = Progress.of(checkpoint, revision);
    progress.secrets = secrets;
    const taken = outcomes.filter((outcome) => progress.settles(outcome));
    const inbox = [...checkpoint.inbox, ...taken];
    const lease = { owner: this.parts.owner, until: this.parts.clock.now() + LEASE };
    const { cancel } = checkpoint;
    const next = { ...progress.checkpoint({ status: 'running', lease }, inbox), ...(cancel === undefined ? {} : { cancel }) };
    const written = await this.parts.store.write(next, revision);
    if (written === undefined) return undefined;
    progress.revision = written;
    progress.inputs = false;
    progress.leasedUntil = lease.until;
    const driver = new Driver(this.parts, plan, progress, this.replyOf(run.id));
    this.hold(driver);
    if (cancel !== undefined) driver.signal(cancelled(this.parts.clock.now(), cancel));
    void driver.resume(inbox, status === 'running').catch(() => undefined);
    return driver;
  }

  private replyOf(run: string): TakeReply {
    return async (request) => this.takers.get(run)?.(request);
  }

  private hold(driver: Driver): void {
    const { id, slug, workspaceId } = driver.run;
    this.active.set(id, driver);
    driver.rest
      .catch((error: unknown) => this.parts.log.warn('A run was put down unfinished.', { error, run: id, automation: slug, workspaceId }))
      .finally(() => {
        if (this.active.get(id) === driver) this.active.delete(id);
      });
  }
}

/** What a kept run makes of an outcome: it waits for it, or it took that event before and goes on. Undefined: neither. */
function wantedOf({ outstanding, status, wokenBy }: Checkpoint, outcome: Outcome, event: string): readonly Outcome[] | undefined {
  if (outstanding.some(({ effect }) => effect.id === outcome.effect)) return [outcome];
  return status === 'running' && wokenBy.includes(event) ? [] : undefined;
}

/** When a process may take a kept run on, if nothing else comes for it. */
function dueFor(checkpoint: Checkpoint, owner: string): number {
  const { status, lease } = checkpoint;
  if (status === 'parked') return earliestDue(checkpoint);
  return lease === undefined || lease.owner === owner ? -Infinity : lease.until;
}

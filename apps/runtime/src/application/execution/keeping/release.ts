import { DomainError, type Clock } from '@millrace/kernel';
import type { Outcome, WriteRequest } from '@millrace/language';
import { formatPosition, type EventLog, type NewEvent } from '@millrace/messaging';
import { NOTHING_PENDING, type Checkpoint, type EventDraft } from '../../../domain/checkpoint';
import { correlationOf } from '../../../domain/contexts/lifetimes';
import type { Configuration } from '../../contexts/configuration';
import type { Contexts } from '../../contexts/contexts';
import type { Models } from '../../models';
import type { Timers } from '../../timers/timers';
import type { FinishedRuns } from '../../starting/finished-runs';
import { isAnonymous, runKey } from '../../../domain/run';
import type { LiveChannel } from '../../ports/live-channel';
import type { Progress } from './progress';
import { Fenced, type RunStore } from './run-store';

/** Milliseconds for which nobody else takes on a run that has a lease. */
export const LEASE = 9_000;

/** The outcomes that have come for a run and were not taken in yet. */
export type Mail = () => readonly Outcome[];

export const NO_MAIL: Mail = () => [];

/** A context did not take what the run wrote: the run has failed. */
export class WriteRefused extends Error {
  constructor(readonly refused: DomainError) {
    super(refused.message);
  }
}

export interface ReleaseParts {
  readonly store: RunStore;
  readonly contexts: Contexts;
  readonly configuration: Configuration;
  readonly models: Pick<Models, 'version'>;
  readonly eventLog: EventLog;
  readonly live: LiveChannel;
  readonly timers: Timers;
  readonly finished: FinishedRuns;
  readonly clock: Clock;
  /** This process, by a name no other process ever had. */
  readonly owner: string;
}

/** What a run wrote since its last flush. `ownedAt`: an instant of the contexts at which nobody else had taken it on; undefined: none is known. */
interface Writes {
  readonly number: number;
  readonly writes: readonly WriteRequest[];
  readonly ownedAt: number | undefined;
}

/**
 * The release rule (`runs.md` §2): before an effect leaves a run, everything it depends on is durable. Each method may throw `Fenced`,
 * or what the stores throw; done again after a crash it changes nothing.
 */
export class Release {
  constructor(private readonly parts: ReleaseParts) {}

  /** To be called before an effect goes outside: what happened so far is recorded, and what was decided is done. */
  async beforeOutside(progress: Progress, mail: Mail): Promise<void> {
    if (progress.inputs) await this.checkpoint(progress, mail);
    await this.decided(progress, mail);
    await this.markHere(progress);
  }

  /** What the run waits for comes after what the log has now. */
  private async markHere(progress: Progress): Promise<void> {
    const { epoch, last } = await this.parts.eventLog.range();
    progress.releasedAt(formatPosition({ epoch, offset: last + 1n }));
  }

  /**
   * To be called before anybody can know what a run waits for: whoever has an answer, anywhere, finds the run waiting. What has come since
   * the last release is not too late.
   */
  async beforeWaiting(progress: Progress, mail: Mail): Promise<void> {
    await this.checkpoint(progress, mail);
    await this.decided(progress, mail);
  }

  /** What was decided is done: contexts written, events told. */
  async decided(progress: Progress, mail: Mail): Promise<void> {
    const { writes, events } = progress.pending;
    if (writes.length === 0 && events.length === 0) return;
    const ownedAt = progress.inputs || progress.isVolatile ? await this.checkpoint(progress, mail) : undefined;
    await this.flush(progress, ownedAt);
    await this.append(progress);
  }

  /**
   * The last things a run does: its end among them. All of its events in one append, which happens whole or not at all. Others may have taken
   * on a run that is kept, or do so now: a checkpoint with its end is the fence, and what they go on from.
   */
  async last(progress: Progress, mustBeKept: boolean): Promise<void> {
    const { pending, inputs, isVolatile, revision, isAgain } = progress;
    const isToClaim = isAgain && revision === 0;
    const needed = mustBeKept || isToClaim || (inputs && revision > 0) || (pending.writes.length > 0 && (inputs || isVolatile));
    const mayBeLost = this.parts.clock.now() >= progress.leasedUntil;
    if (mayBeLost && (await this.parts.finished.isOnLog(progress.run, progress.from))) throw new Fenced(progress.run.id);
    const ownedAt = needed || mayBeLost ? await this.checkpoint(progress, NO_MAIL) : undefined;
    await this.flush(progress, ownedAt);
    await this.append(progress);
  }

  /**
   * To be called when nothing is kept of a run that has ended. As long as its last checkpoint is there, whoever finds it repeats the last writes:
   * what tells that they were made may not go before.
   */
  settle({ run }: Progress): void {
    this.parts.contexts.settle(run.id);
    this.parts.configuration.settle(run.id);
  }

  /**
   * Keeps the run as it is now, with the mail there is when it is written. What comes while it is being written is not in it. Answers an
   * instant of the contexts at which nobody else had taken the run on.
   */
  async checkpoint(progress: Progress, mail: Mail, status: 'running' | 'parked' = 'running'): Promise<number> {
    const { owner, clock, timers, contexts, configuration } = this.parts;
    if (progress.from === '') await this.markHere(progress);
    if (progress.isVolatile && progress.timer === undefined) progress.timer = await timers.setAhead(runKey(progress.run), LEASE);
    const until = clock.now() + LEASE;
    const checkpoint = progress.checkpoint(status === 'parked' ? { status } : { status, lease: { owner, until } }, mail());
    const { oldestFlush } = progress;
    progress.inputs = false;
    const ownedAt = contexts.now();
    await this.keep(progress, checkpoint);
    progress.leasedUntil = until;
    contexts.settle(progress.run.id, oldestFlush);
    configuration.settle(progress.run.id, oldestFlush);
    return ownedAt;
  }

  private async keep(progress: Progress, checkpoint: Checkpoint): Promise<void> {
    const revision = await this.parts.store.write(checkpoint, progress.revision);
    if (revision === undefined) throw new Fenced(progress.run.id);
    progress.revision = revision;
  }

  private async flush(progress: Progress, ownedAt: number | undefined): Promise<void> {
    const { flush, writes } = progress.pending;
    if (writes.length === 0) return;
    if (progress.ended === undefined && writes.some((write) => correlationOf(write) !== undefined)) progress.holds = true;
    try {
      await this.write(progress, { number: flush, writes, ownedAt });
    } catch (error) {
      if (error instanceof DomainError && error.refusal !== 'unavailable') throw new WriteRefused(error);
      throw error;
    }
    progress.pending = { ...NOTHING_PENDING, events: progress.pending.events };
  }

  private async write({ run, revision, ended, leasedUntil }: Progress, { number, writes, ownedAt }: Writes): Promise<void> {
    const { contexts, configuration, models, store, clock } = this.parts;
    const { workspaceId, id, deadline } = run;
    const [configs = [], others = []] = [true, false].map((wanted) => writes.filter(({ context }) => (context === 'config') === wanted));
    const guard = () => store.guard(run, revision);
    if (configs.length > 0) {
      const plan = await models.version(workspaceId, run.digest, run.region);
      await configuration.flush(plan, run, { number, writes: configs, guard });
    }
    const by = { run: id, number, anonymous: isAnonymous(run), ...(ended === undefined ? { until: deadline } : {}) };
    await contexts.flush(workspaceId, { ...by, writes: others, guard, ownedAt: () => (clock.now() < leasedUntil ? ownedAt : undefined) });
  }

  private async append(progress: Progress): Promise<void> {
    const { events } = progress.pending;
    if (events.length === 0) return;
    const { eventLog, live } = this.parts;
    const kept = events.filter(({ keep }) => keep !== 'live');
    const [first] = kept.length === 0 ? [] : await eventLog.append(kept.map(encode));
    if (first !== undefined) progress.releasedAt(formatPosition(first.position));
    progress.pending = NOTHING_PENDING;
    for (const event of events) if (event.keep === 'live') await live.publish(encode(event));
  }
}

const encoder = new TextEncoder();

function encode(event: EventDraft): NewEvent {
  return { ...event, payload: encoder.encode(JSON.stringify(event.payload)) };
}

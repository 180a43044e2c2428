import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import { matchEvents, type EventLocals, type Plan } from '@millrace/language';
import { formatPosition, type LoggedEvent } from '@millrace/messaging';
import { runNames, type Run } from '../../domain/run';
import type { Driver } from '../execution/driver';
import { RunFault } from '../execution/run-fault';
import type { Runs } from '../execution/runs';
import { isFrozen, type Model, type Models } from '../models';
import type { MatchedWait, WaitIndex, WaitRecord } from '../waiting/wait-index';
import { eventLocals } from './event-locals';
import type { FinishedRuns } from './finished-runs';
import { gatherRuleOf, type GatheredStarts } from './gathered-starts';
import { scheduledStart, TICKED, type Start } from './scheduled-start';
import { termsOf } from './terms';

/** Hops an event may have behind it and still start automations (`language.md` §13, depth). */
export const MOST_HOPS = 20;
/** How often a delivery looks for runs that were taken on elsewhere, before it is given back. */
const MOST_LOOKS = 3;
const REMOVED_AT_ONCE = 200;

export interface HandleEventParts {
  readonly models: Models;
  readonly runs: Runs;
  readonly waits: WaitIndex;
  readonly finished: FinishedRuns;
  readonly clock: Clock;
  readonly gathered: GatheredStarts;
  readonly ids: Ids;
}

/** An event in hand: which delivery of it, and when it came. */
interface Came {
  readonly event: LoggedEvent;
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Hands an event to the runs that wait for it, starts the automations that listen to it, and waits for both: the event is done when each
 * of these runs has ended or is parked. An event that comes again finds what it began.
 */
export class HandleEvent {
  constructor(private readonly parts: HandleEventParts) {}

  /** That a run was taken on by somebody else is no failure of its event: it is looked for again, and found there. */
  async run(event: LoggedEvent, attempt: number): Promise<void> {
    for (let look = 0; ; look += 1) {
      try {
        await this.handle(event, attempt + look);
        return;
      } catch (fault) {
        if (!(fault instanceof RunFault && fault.isElsewhere) || look === MOST_LOOKS) throw fault;
      }
    }
  }

  private async handle(event: LoggedEvent, attempt: number): Promise<void> {
    const came = { event, attempt, at: this.parts.clock.now() };
    const locals = eventLocals(event);
    const waits = await this.parts.waits.matching(event, locals, (wait) => this.planOf(wait));
    const { woken, startsNothing } = await this.wake(waits, event);
    const started = startsNothing ? [] : await this.start(came, locals);
    await Promise.all([...woken, ...started].map(restOf));
    const over = new Set(woken.map(({ run }) => run.id));
    for (let at = 0; at < waits.length; at += REMOVED_AT_ONCE) {
      await Promise.all(waits.slice(at, at + REMOVED_AT_ONCE).map(({ wait }) => this.removeIfOver(wait, over)));
    }
  }

  /** Removes a wait whose run has been woken by this event, or that whoever woke it before has left behind. */
  private async removeIfOver(wait: WaitRecord, woken: ReadonlySet<string>): Promise<void> {
    const { waits, runs } = this.parts;
    if (woken.has(wait.run) || (await runs.isOver(wait))) await waits.remove(wait);
  }

  private planOf({ workspaceId, digest, region }: WaitRecord): Promise<Plan> {
    return this.parts.models.version(workspaceId, digest, region);
  }

  private async wake(waits: readonly MatchedWait[], event: LoggedEvent) {
    const woken: Driver[] = [];
    let startsNothing = false;
    for (const match of waits) {
      const { wait, accepted } = match;
      if (accepted.cancelTriggers && wait.endedBy === event.id) startsNothing = true;
      const driver = await this.parts.runs.wake(match, event);
      if (driver === undefined) continue;
      woken.push(driver);
      if (!accepted.cancelTriggers) continue;
      startsNothing = true;
      await this.parts.waits.put({ ...wait, endedBy: event.id });
    }
    return { woken, startsNothing };
  }

  private async start(came: Came, locals: EventLocals): Promise<readonly Driver[]> {
    const { event } = came;
    if ((event.hops ?? 0) >= MOST_HOPS) return [];
    const model = await this.parts.models.find(event.workspaceId);
    if (model === undefined || isFrozen(model, event.type === TICKED ? 'schedules' : 'events')) return [];
    const entered = startsOf(model.plan, event, locals).map((start) => this.enter(model, came, start));
    return (await Promise.all(entered)).filter((driver) => driver !== undefined);
  }

  private async enter(model: Model, came: Came, start: Start): Promise<Driver | undefined> {
    const run = this.runOf(came.event, start, model);
    const rule = gatherRuleOf(model.plan, start);
    if (rule !== undefined) {
      await this.parts.gathered.add(run, start.locals, rule);
      return undefined;
    }
    const driver = await this.begin(model.plan, run, start.locals, came);
    if (driver?.run.detached !== true) return driver;
    await Promise.race([driver.keep(), driver.rest]);
    return undefined;
  }

  /** Begins a run, unless it is known already: then it goes on from where it was kept. */
  private async begin(plan: Plan, run: Run, locals: JsonMap, { event, attempt, at: since }: Came): Promise<Driver | undefined> {
    const { runs, finished } = this.parts;
    if (!finished.mayBeAgain(event, attempt)) return runs.begin(plan, run, locals, undefined, { since });
    // A run that is taken on meanwhile may end meanwhile: the log is asked once nobody has it any more.
    do {
      const known = (await runs.recover(run)) ?? runs.find(run.id);
      if (known !== undefined) return known;
      if (await runs.isParked(run)) return undefined;
    } while (await runs.isAlive(run));
    if (await finished.has(run.id, event, attempt)) return undefined;
    return runs.begin(plan, run, locals, undefined, { since, isAgain: attempt > 1 });
  }

  private runOf(event: LoggedEvent, { slug, trigger, locals, gate }: Start, model: Model): Run {
    const { digest, plan } = model;
    const { id, workspaceId, correlationId, source, key, traceparent, actor, recordedAt } = event;
    return {
      id: this.parts.ids.derive('run', ...runNames(id, workspaceId, slug)),
      workspaceId,
      digest,
      slug,
      trigger,
      correlationId,
      causationId: id,
      depth: (event.hops ?? 0) + 1,
      startedAt: recordedAt,
      ...(gate === undefined ? {} : { gate }),
      ...termsOf(model, slug, locals, recordedAt),
      startedBy: formatPosition(event.position),
      ...(key !== undefined && plan.automations.get(slug)?.admission.order === 'none' ? { detached: true } : {}),
      ...(trigger.type === 'schedule' ? {} : { causedBy: { ...actor, roles: [] } }),
      ...(source.session === undefined ? {} : { session: source.session }),
      ...(key === undefined ? {} : { key }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}

function startsOf(plan: Plan, event: LoggedEvent, locals: EventLocals): readonly Start[] {
  const scheduled = scheduledStart(plan, locals);
  if (scheduled !== undefined) return [scheduled];
  const trigger = { type: 'event', value: event.type, id: event.id } as const;
  return matchEvents(plan, locals).map((match) => ({ ...match, trigger }));
}

/** Resolves when the run is in nobody's hand any more; a fault of it says which automation's run it was. */
async function restOf({ rest, run }: Driver): Promise<void> {
  try {
    await rest;
  } catch (error) {
    throw new RunFault(run.slug, error);
  }
}

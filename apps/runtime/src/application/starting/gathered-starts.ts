import type { JsonMap } from '@millrace/kernel';
import type { Plan } from '@millrace/language';
import type { GatherRule } from '../../domain/admission/gathering';
import type { Run } from '../../domain/run';
import type { GatheredEvent, GatherKey, Gatherings } from '../admission/gatherings';
import type { Runs } from '../execution/runs';
import type { Models } from '../models';
import type { FinishedRuns } from './finished-runs';
import type { Start } from './scheduled-start';
import { filled } from './terms';

export interface GatheredStartsParts {
  readonly gatherings: Gatherings;
  readonly models: Models;
  readonly runs: Runs;
  readonly finished: FinishedRuns;
}

type Rule = Pick<GatherKey, 'key' | 'rule'>;

/** What is kept of an event until the run it is gathered for begins: the run it would have started, and with what. */
interface Kept extends JsonMap {
  readonly run: JsonMap;
  readonly locals: JsonMap;
  readonly isBatch: boolean;
}

/** Starts that are put together: one run once no more events come (debounce), or for many of them (batch). */
export class GatheredStarts {
  constructor(private readonly parts: GatheredStartsParts) {}

  /** Keeps a start for later; durable when it resolves. The same one again adds nothing. */
  async add(run: Run, locals: JsonMap, { key, rule }: Rule): Promise<void> {
    const kept: Kept = { run: run as unknown as JsonMap, locals, isBatch: rule.kind === 'batch' };
    await this.parts.gatherings.add({ workspaceId: run.workspaceId, slug: run.slug, key, rule }, { id: run.trigger.id, locals: kept });
  }

  /** Begins what a timer has gathered, and waits for it; nothing when that was done before. */
  async onTimer(timer: string): Promise<void> {
    const { gatherings, models, runs, finished } = this.parts;
    const start = await gatherings.take(timer);
    const last = start?.events.at(-1);
    if (start === undefined || last === undefined) return;
    const { run, locals } = startOf(start.events, last);
    const known = (await runs.recover(run)) ?? runs.find(run.id);
    const isOver = known === undefined && ((await runs.isParked(run)) || (await finished.isOnLog(run)));
    const plan = await models.version(run.workspaceId, run.digest, run.region);
    await (known ?? (isOver ? undefined : runs.begin(plan, run, locals)))?.rest;
    await gatherings.done(timer);
  }
}

/** How starts of an automation are put together; undefined: they are not. */
export function gatherRuleOf(plan: Plan, { slug, locals }: Start): Rule | undefined {
  const { debounce, batch } = plan.automations.get(slug)?.admission ?? {};
  if (debounce !== undefined) {
    const { key, ...rest } = debounce;
    return { key: filled(plan, key, locals), rule: { kind: 'debounce', ...rest } satisfies GatherRule };
  }
  if (batch === undefined) return undefined;
  const { key, ...rest } = batch;
  return { key: filled(plan, key, locals), rule: { kind: 'batch', ...rest } satisfies GatherRule };
}

/** The run of the last event, and for a batch the locals of them all under `events`. */
function startOf(events: readonly GatheredEvent[], last: GatheredEvent): { readonly run: Run; readonly locals: JsonMap } {
  const { run, locals, isBatch } = last.locals as Kept;
  const all = isBatch ? { events: events.map(({ locals: kept }) => (kept as Kept).locals) } : {};
  return { run: run as unknown as Run, locals: { ...locals, ...all } };
}

import type { Clock, Ids } from '@millrace/kernel';
import { matchEvents } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { eventLocals } from './event-locals';
import { runNames, type Run } from '../domain/run';
import type { Executor } from './execute';
import type { Models } from './models';

/** Hops an event may have behind it and still start automations (`language.md` §13, depth). */
const MOST_HOPS = 20;

/** Starts the automations that listen to an event, and waits for them: the event is done when each of its runs is. */
export class HandleEvent {
  constructor(
    private readonly models: Models,
    private readonly executor: Executor,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async run(event: LoggedEvent, signal: AbortSignal): Promise<void> {
    if ((event.hops ?? 0) >= MOST_HOPS) return;
    const model = await this.models.find(event.workspaceId);
    if (model === undefined) return;
    const matches = matchEvents(model.plan, eventLocals(event));
    const runs = matches.map(({ slug, locals }) =>
      this.executor.run(model.plan, this.begin(event, slug, model.digest), locals, { signal }),
    );
    await Promise.all(runs);
  }

  private begin(event: LoggedEvent, slug: string, digest: string): Run {
    const { id, workspaceId, correlationId, source, key, traceparent, actor } = event;
    return {
      id: this.ids.derive('run', ...runNames(id, workspaceId, slug)),
      workspaceId,
      digest,
      slug,
      trigger: { type: 'event', value: event.type, id },
      correlationId,
      causationId: id,
      depth: (event.hops ?? 0) + 1,
      causedBy: { ...actor, roles: [] },
      startedAt: this.clock.now(),
      ...(source.session === undefined ? {} : { session: source.session }),
      ...(key === undefined ? {} : { key }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}

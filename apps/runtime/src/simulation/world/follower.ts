import { matchEvents, type Plan } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import type { SimulatedProcess } from '@millrace/testing';
import { FINISHED } from '../../application/execution/journal';
import { eventLocals } from '../../application/starting/event-locals';
import { scheduledStart } from '../../application/starting/scheduled-start';
import { runNames } from '../../domain/run';
import { SimulatedIds } from './simulated-ids';

/** Reads the log as it grows: which runs it asks for, and which have ended. */
export class Follower {
  readonly events: LoggedEvent[] = [];
  /** By run: the event that started it. */
  readonly started = new Map<string, LoggedEvent>();
  private readonly ended = new Set<string>();
  private readonly ids = new SimulatedIds('follower');

  constructor(private readonly plan: Plan) {}

  async follow({ eventLog }: SimulatedProcess, onEvent: (event: LoggedEvent) => void): Promise<void> {
    for await (const event of eventLog.read('first', '*.>', { live: true })) {
      this.take(event);
      onEvent(event);
    }
  }

  /** Whether every run that an event asked for has ended. */
  get isQuiet(): boolean {
    return this.open.length === 0;
  }

  /** Runs that have not ended. */
  get open(): readonly string[] {
    return [...this.started.keys()].filter((run) => !this.ended.has(run));
  }

  private take(event: LoggedEvent): void {
    this.events.push(event);
    if (event.type === FINISHED && event.source.run !== undefined) this.ended.add(event.source.run);
    for (const slug of this.slugsOf(event)) this.started.set(this.ids.derive('run', ...runNames(event.id, event.workspaceId, slug)), event);
  }

  private slugsOf(event: LoggedEvent): readonly string[] {
    const locals = eventLocals(event);
    const scheduled = scheduledStart(this.plan, locals);
    return scheduled === undefined ? matchEvents(this.plan, locals).map(({ slug }) => slug) : [scheduled.slug];
  }
}

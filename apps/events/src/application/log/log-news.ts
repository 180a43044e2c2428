import { servicePrincipal, type Clock, type Ids, type JsonMap } from '@millrace/kernel';
import type { EventLog } from '@millrace/messaging';
import type { Log } from '@millrace/observability';

export interface LogNewsParts {
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Tells the platform, in the log itself, what becomes of the log. */
export class LogNews {
  constructor(private readonly parts: LogNewsParts) {}

  /** A log that takes nothing just now stops nobody: that it could not be told is logged. `known`: the event's id, of what is told once. */
  async tell(type: string, payload: JsonMap, known?: string): Promise<void> {
    const { eventLog, ids, clock, log } = this.parts;
    const id = known ?? ids.mint('evt');
    const { kind, id: actor } = servicePrincipal('events');
    const event = {
      ...{ id, workspaceId: 'platform', type, time: clock.now(), correlationId: id },
      ...{ actor: { kind, id: actor }, source: { service: 'events' }, payload: new TextEncoder().encode(JSON.stringify(payload)) },
    };
    await eventLog.append([event]).catch((error: unknown) => log.warn('The log was not told what became of it.', { error, type }));
  }
}

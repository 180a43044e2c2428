import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import type { CallContext, EventLog } from '@millrace/messaging';

export interface AnnouncementParts {
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
}

const encoder = new TextEncoder();

/** Tells the log what somebody did to what the runtime keeps. */
export class Announcements {
  constructor(private readonly parts: AnnouncementParts) {}

  /** Durable when it resolves. */
  async tell({ principal, correlationId }: CallContext, workspaceId: string, type: string, payload: JsonMap): Promise<void> {
    const { eventLog, clock, ids } = this.parts;
    const { kind, id, onBehalfOf } = principal;
    const event = {
      id: ids.mint('evt'),
      ...{ workspaceId, type, correlationId },
      time: clock.now(),
      payload: encoder.encode(JSON.stringify(payload)),
      actor: { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
      source: { service: 'runtime' },
    };
    await eventLog.append([event]);
  }
}

import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import type { CallContext, EventLog } from '@millrace/messaging';

export interface AnnouncementParts {
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
}

const encoder = new TextEncoder();

/** Where an announcement comes from, if not from a call alone. */
interface Origin {
  /** Told again under the same id, it is told once. */
  readonly id?: string;
  readonly causationId?: string;
  readonly hops?: number;
}

/** Tells the log what was done to what the runtime keeps. */
export class Announcements {
  constructor(private readonly parts: AnnouncementParts) {}

  /** Durable when it resolves. */
  async tell(
    { principal, correlationId }: Pick<CallContext, 'principal' | 'correlationId'>,
    workspaceId: string,
    type: string,
    payload: JsonMap,
    { id = this.parts.ids.mint('evt'), ...origin }: Origin = {},
  ): Promise<void> {
    const { eventLog, clock } = this.parts;
    const { kind, id: who, onBehalfOf } = principal;
    const event = {
      ...{ id, workspaceId, type, correlationId, ...origin },
      time: clock.now(),
      payload: encoder.encode(JSON.stringify(payload)),
      actor: { kind, id: who, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
      source: { service: 'runtime' },
    };
    await eventLog.append([event]);
  }
}

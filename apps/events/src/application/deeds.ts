import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { actorOf } from './actor-of';

/** What somebody did by a call to this service. */
export interface Deed {
  /** Of which the audit is that tells it: a workspace, or `platform`. */
  readonly workspaceId: string;
  readonly type: string;
  readonly payload: JsonMap;
  readonly subject?: string;
}

/** Makes the events that say who did what. */
export class Deeds {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  of({ principal, correlationId, traceparent }: CallContext, { payload, ...deed }: Deed): NewEvent {
    return {
      ...{ ...deed, id: this.ids.mint('evt'), time: this.clock.now(), correlationId, causationId: correlationId },
      payload: new TextEncoder().encode(JSON.stringify(payload)),
      actor: actorOf(principal),
      source: { service: 'events' },
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}

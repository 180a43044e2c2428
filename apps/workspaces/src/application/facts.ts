import type { Clock, Ids, Json, Principal } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';

/** A fact about a workspace, before it has an id and a time. */
export interface Fact {
  readonly workspaceId: string;
  readonly type: string;
  readonly payload: { readonly [key: string]: Json };
  /** What it is about, e.g. `automation/hello`. */
  readonly subject: string;
  readonly revision?: number;
}

const encoder = new TextEncoder();

/** Makes the events that tell of what a call did. */
export class Facts {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  of(context: CallContext, { workspaceId, type, payload, subject, revision }: Fact): NewEvent {
    return {
      id: this.ids.mint('evt'),
      workspaceId,
      type,
      time: this.clock.now(),
      subject,
      key: workspaceId,
      payload: encoder.encode(JSON.stringify(payload)),
      correlationId: context.correlationId,
      causationId: context.causationId ?? context.correlationId,
      actor: actorOf(context.principal),
      source: { service: 'workspaces' },
      ...(revision === undefined ? {} : { revision }),
      ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
    };
  }
}

function actorOf({ kind, id, onBehalfOf }: Principal): NewEvent['actor'] {
  return { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
}

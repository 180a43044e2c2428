import type { Ids, Principal } from '@millrace/kernel';
import type { CallContext, EventSource, NewEvent } from '@millrace/messaging';
import type { EventDraft } from '../domain/admission/draft';
import { momentOf } from '../domain/admission/moment';
import { orderingKey } from '../domain/admission/ordering';
import { actorOf } from './actor-of';

/** What the door knows of a batch beyond its drafts. */
export interface Surroundings {
  readonly context: CallContext;
  readonly workspaceId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly idempotencyKey?: string;
  /** The socket it came through. */
  readonly socket?: string;
}

/** The id of the draft at `index`: its own, else one that the idempotency key always gives its sender, else a new one. */
export function idOf(draft: EventDraft, index: number, { context: { principal }, idempotencyKey }: Surroundings, ids: Ids): string {
  if (draft.id !== undefined) return draft.id;
  if (idempotencyKey === undefined) return ids.mint('evt');
  return ids.derive('evt', `${principal.kind}/${principal.id}`, idempotencyKey, String(index));
}

/** The event a draft becomes: who, from where, when and in which story is said by the door alone. */
export function compose(draft: EventDraft, id: string, { context, workspaceId, now, socket }: Surroundings): NewEvent {
  const { principal, correlationId, causationId = correlationId, traceparent } = context;
  const { time, original } = momentOf(draft.time, now);
  const key = orderingKey(draft, principal);
  const { type, payload, keep, subject, target } = draft;
  const extensions = { ...draft.extensions, ...(original === undefined ? {} : { originaltime: original }) };
  return {
    ...{ id, workspaceId, type, time, payload, correlationId, causationId, keep },
    actor: actorOf(principal),
    source: sourceOf(principal, socket),
    ...(subject === undefined ? {} : { subject }),
    ...(key === undefined ? {} : { key }),
    ...(target === undefined ? {} : { target }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}

function sourceOf({ kind, id, session }: Principal, socket: string | undefined): EventSource {
  return {
    ...(kind === 'service' ? { service: id } : {}),
    ...(kind === 'automation' ? { automation: id } : {}),
    ...(session === undefined ? {} : { session }),
    ...(socket === undefined ? {} : { socket }),
  };
}

import { demandOn, type Permission } from '@millrace/auth';
import type { NewEvent } from '@millrace/messaging';
import type { Place } from '../../domain/admission/check-batch';
import type { EventDraft } from '../../domain/admission/draft';
import { payloadOf } from '../../domain/admission/payload';
import { viewOf } from './event-view';

/** What a caller sends, and where each draft stands in it. */
export interface Sent {
  readonly drafts: readonly EventDraft[];
  readonly place: Place;
}

/** Refuses (`events.create_denied`) events that the caller may not send, and fields that they may not write: with the place of each. */
export function demandSendable(permission: Permission, events: readonly NewEvent[], { drafts, place }: Sent): void {
  for (const [index, event] of events.entries()) {
    const view = viewOf(event);
    demandOn(permission, view);
    const draft = drafts[index];
    if (draft !== undefined && !permission.fields.open) permission.demandFields(view, writtenIn(draft), place(index));
  }
}

/** What the caller says of it; the rest is said by the door. */
function writtenIn({ payload, keep, ...draft }: EventDraft): object {
  return { ...draft, payload: payloadOf(payload), ...(keep === 'history' ? {} : { keep }) };
}

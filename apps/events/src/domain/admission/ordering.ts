import type { Principal } from '@millrace/kernel';
import type { EventDraft } from './draft';

/** The ordering key of a draft: what it says, else the caller's session, else the person who sends it, else what it is about. */
export function orderingKey(draft: EventDraft, caller: Principal): string | undefined {
  const person = caller.kind === 'user' ? caller.id : undefined;
  return draft.key ?? caller.session ?? person ?? draft.subject;
}

import type { Json, Principal } from '@millrace/kernel';
import type { EventDraft } from './draft';

/** The ordering key of a draft: what it says, else the caller's session, else the person who sends it, else what it is about. */
export function orderingKey(draft: EventDraft, caller: Principal): string | undefined {
  const person = caller.kind === 'user' ? caller.id : undefined;
  return draft.key ?? caller.session ?? person ?? draft.subject;
}

const LONGEST = 128;

/** A value as an ordering key; undefined when it can be none. */
export function orderText(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  return text === '' || text.length > LONGEST ? undefined : text;
}

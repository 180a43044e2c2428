import { LanguageError } from '../../problems/language-error';
import type { PlannedEvent } from '../../plan/declared-event';
import type { JsonMap } from '@millrace/kernel';
import type { Machine } from '../machine';
import { NOTIFY } from './event-names';

/**
 * What becomes of a payload that is published under this name: what its declaration says; of what nobody declared, what the workspace says
 * of that: it goes as it is, with a warning, or not at all (`events.type_undeclared`).
 */
export function heldEvent(
  { plan, state }: Pick<Machine, 'plan' | 'state'>,
  event: string,
  payload: JsonMap,
): ReturnType<PlannedEvent['hold']> {
  const declared = plan.events.get(event);
  if (declared !== undefined) return declared.hold(payload);
  const { unknownEvents } = state.begin;
  if (unknownEvents === undefined || event === NOTIFY) return { payload };
  if (unknownEvents === 'warn') return { payload, violations: [{ pointer: '', detail: 'is of no declared type' }] };
  const message = `The workspace declares no event \`${event}\`, and takes none that it does not declare. Declare it in \`events/${event}.yaml\`.`;
  throw new LanguageError('events.type_undeclared', message);
}

import { isEventName } from '../../filter/pattern';
import { LanguageError } from '../../problems/language-error';
import type { Branch } from '../threads/branch';
import { fullName, isNative, NOTIFY } from './event-names';
import { demandEmit } from './permissions';

/** The full name of an event that is emitted here. Refuses those of the platform, what is no name, and what the app may not emit. */
export function emittedName(branch: Branch, written: string): string {
  const { dialect, instance } = branch.automation;
  const name = dialect.prisme ? written.trim().replace(/\s+/g, '_') : written;
  if (isNative(name) && name !== NOTIFY)
    throw new LanguageError('runtime.event_refused', `\`${name}\` is an event of the platform; only its service may publish it.`);
  const full = fullName(instance, name);
  if (!isEventName(full)) {
    throw new LanguageError(
      'runtime.event_invalid',
      `\`${full}\` is no name of an event: 1 to 8 tokens of letters, digits, _ and -, joined by dots.`,
    );
  }
  demandEmit(branch, name);
  return full;
}

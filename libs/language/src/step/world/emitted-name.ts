import { isEventName } from '../../filter/pattern';
import { LanguageError } from '../../problems/language-error';
import type { Branch } from '../threads/branch';
import { fullName, isNative, NOTIFY } from './event-names';
import { demandEmit } from './permissions';

/** The full name of an event that is emitted here. Refuses those of the platform, what is no name, and what the app may not emit. */
export function emittedName(branch: Branch, written: string): string {
  const { dialect, instance } = branch.automation;
  const name = dialect.prisme ? written.trim().replace(/\s+/g, '_') : written;
  const full = fullName(instance, name);
  // That of an app, too: files may call its instance like a service of the platform.
  if (isNative(full) && name !== NOTIFY)
    throw new LanguageError('runtime.event_refused', `\`${full}\` is an event of the platform; only its service may publish it.`);
  if (!isEventName(full)) {
    throw new LanguageError(
      'runtime.event_invalid',
      `\`${full}\` is no name of an event: 1 to 8 tokens of letters, digits, _ and -, joined by dots.`,
    );
  }
  demandEmit(branch, name);
  return full;
}

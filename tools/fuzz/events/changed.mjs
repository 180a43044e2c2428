/** What a process prints at its end when an object of the language is not as it was. */
export const CHANGED = 'An object of the language was changed:';

/** The token of an empty part. A part after a slash begins with one slash, never with two, so nothing else is written like it. */
const EMPTY = '//';

/**
 * A key as tokens of a subject: each dot and each slash begins a new one, and one that a slash began keeps it. So a prefix that ends in
 * either is a filter of its own, and keys with dots at their ends or side by side are good subjects too.
 */
export function subjectOfKey(key: string): string {
  return tokensOf(key).join('.');
}

/** The key that `subjectOfKey` wrote. */
export function keyOfSubject(subject: string): string {
  return subject
    .split('.')
    .map((token, index) => {
      if (token === EMPTY) return index === 0 ? '' : '.';
      return index === 0 || token.startsWith('/') ? token : `.${token}`;
    })
    .join('');
}

/** The narrowest filter that lets every key with the prefix through; others may come with them. */
export function filterOfPrefix(prefix: string): string {
  return [...tokensOf(prefix).slice(0, -1), '>'].join('.');
}

function tokensOf(key: string): readonly string[] {
  return key.split('.').flatMap((part) => {
    const [first = '', ...more] = part.split('/');
    return [first === '' ? EMPTY : first, ...more.map((rest) => `/${rest}`)];
  });
}

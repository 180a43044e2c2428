/** Characters of one token. An id has more, so that the filter of a whole id lets few other keys through. */
const LONGEST = 16;
const CHUNK = new RegExp(`.{1,${LONGEST}}`, 'g');
/** Before what a slash parted from the part before it. */
const SLASH = '/';
/** Alone: an empty part after a dot. Before the rest of a part: it goes on. After one slash comes no other, so neither is anything else. */
const MORE = '//';

/**
 * A key as tokens of a subject: each dot and each slash begins a new one, and so does every seventeenth character between them. So a prefix
 * makes a filter, and keys with dots at their ends or side by side make good subjects too. A key of short parts with dots between them is
 * written as it is.
 */
export function subjectOfKey(key: string): string {
  return tokensOf(key).join('.');
}

/** The key that `subjectOfKey` wrote. */
export function keyOfSubject(subject: string): string {
  const [first = '', ...others] = subject.split('.');
  return (first === MORE ? '' : first) + others.map(written).join('');
}

/** A filter that lets every key with the prefix through, and few others. */
export function filterOfPrefix(prefix: string): string {
  return [...tokensOf(prefix).slice(0, -1), '>'].join('.');
}

function tokensOf(key: string): readonly string[] {
  return key.split('.').flatMap((dotted) => {
    const [first = '', ...others] = dotted.split('/');
    return [...chunks('', first), ...others.flatMap((other) => chunks(SLASH, other))];
  });
}

function chunks(mark: string, part: string): readonly string[] {
  const first = mark + part.slice(0, LONGEST);
  const rest = part.slice(LONGEST).match(CHUNK) ?? [];
  return [first === '' ? MORE : first, ...rest.map((chunk) => MORE + chunk)];
}

function written(token: string): string {
  if (token === MORE) return '.';
  if (token.startsWith(MORE)) return token.slice(MORE.length);
  return token.startsWith(SLASH) ? token : `.${token}`;
}

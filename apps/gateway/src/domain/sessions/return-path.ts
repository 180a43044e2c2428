const LONGEST = 2_048;
/** What browsers drop or turn into a slash before they look where a path leads. */
const TREACHEROUS = /[\\\u0000-\u0020\u007f]/;
/** Signing in again would lead here again. */
const AUTH = /^\/v1\/auth(?:[/:?#]|$)/i;

/** Where a sign-in may lead in the end: a path of our own origin, as it is written; undefined when it could lead anywhere else. */
export function returnPath(asked: string): string | undefined {
  if (asked.length > LONGEST || TREACHEROUS.test(asked)) return undefined;
  if (!asked.startsWith('/') || asked.startsWith('//')) return undefined;
  return AUTH.test(plain(asked)) ? undefined : asked;
}

/** The path as its dots and signs of encoding read. */
function plain(path: string): string {
  return new URL(path, 'http://here').pathname.replaceAll(/%([0-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

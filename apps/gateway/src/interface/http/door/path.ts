import { malformed } from '../problems/refusals';

const LONGEST_URL = 8_192;
/** Whatever could be read in two ways, or hides it; most paths hold none of it. */
const SUSPICIOUS = /[%;#\\]|\/\/|\.\.|\.(?:\/|$)/;
const FORBIDDEN = /\.\.|[;\\\u0000-\u001f\u007f]|\.$/;

/** The path of a request target, as it came. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** The query of a request target, as it came, without the question mark. */
export function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

/**
 * Refuses (`api.path_invalid`) a path that two readers could read in two ways: an empty part (`//`), a `#` as it is, `..`, `;`, a backslash, a control
 * character or a dot at the end of a part, encoded or not. Encoded slashes are for the routes to judge.
 */
export function checkPath(url: string): void {
  if (url.length > LONGEST_URL)
    throw malformed('url_too_large', `The URL is longer than ${LONGEST_URL} characters. Send what is long in the body.`);
  const path = pathOf(url);
  if (!path.startsWith('/')) throw pathInvalid('it does not begin with a slash');
  if (!SUSPICIOUS.test(path)) return;
  if (path.includes('#')) throw pathInvalid('it holds a # that is not encoded');
  if (path.includes('//')) throw pathInvalid('it holds an empty part (//)');
  if (path.split('/').some((part) => FORBIDDEN.test(decodePart(part)))) {
    throw pathInvalid('it holds "..", ";", a backslash or a control character, or a part that ends with a dot');
  }
}

/** One part of a path, percent signs decoded. */
export function decodePart(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    throw pathInvalid('it holds a % that encodes nothing');
  }
}

/** The path means nothing for certain. */
export function pathInvalid(reason: string): Error {
  return malformed('path_invalid', `The path cannot be served: ${reason}. Write each part plainly.`);
}

/** Only a value of a route may hold a slash. */
export function slashEncoded(): Error {
  return pathInvalid('it holds an encoded slash');
}

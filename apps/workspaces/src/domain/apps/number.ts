import { rangeInvalid } from './refusals';

/** The parts of `major.minor.patch`. */
type Parts = [major: number, minor: number, patch: number];

/** The order of two numbers of versions: negative when `a` is the smaller one. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** Whether what callers rely on may be another from one number to the next: a new major number, or a new minor one before 1.0.0. */
export function mayBreak(before: string, after: string): boolean {
  const [[major, minor], [nextMajor, nextMinor]] = [partsOf(before), partsOf(after)];
  return nextMajor > major || (nextMajor === 0 && nextMinor > minor);
}

/** How far one number may be from the next: a patch only mends, a minor may add. */
export type Reach = 'patch' | 'minor';

/** Whether a number is larger than another, and no farther than that. */
export function isWithin(reach: Reach, before: string, after: string): boolean {
  const [[major, minor], [nextMajor, nextMinor]] = [partsOf(before), partsOf(after)];
  const isNear = reach === 'minor' ? !mayBreak(before, after) : major === nextMajor && minor === nextMinor;
  return isNear && compareNumbers(after, before) > 0;
}

/** Says of each number whether it lies in a range: `1.2.3`, `1.2`, `1`, `1.x`, `~1.2.3`, `^1.2.3`, `*` or `latest`. */
export function inRange(range: string): (number: string) => boolean {
  const found = RANGE.exec(range.trim());
  if (found === null) throw rangeInvalid(range);
  const [, sign = '', major, minor, patch] = found;
  const wanted = [major, minor, patch];
  const open = wanted.findIndex((part) => part === undefined || /[x*]/.test(part));
  const given = open < 0 ? wanted.length : open;
  const from = wanted.map((part, at) => (at < given ? Number(part) : 0));
  const kept = Math.min(given, keptBy(sign, from));
  return (number) => {
    const parts = partsOf(number);
    return parts.slice(0, kept).every((part, at) => part === from[at]) && compareNumbers(number, from.join('.')) >= 0;
  };
}

const RANGE = /^(?:latest|\*|([~^])?(\d{1,6})(?:\.(\d{1,6}|x|\*))?(?:\.(\d{1,6}|x|\*))?)$/;
// The first group is the sign; `latest` and `*` leave every group empty.

/** How many leading parts must stay as they are. */
function keptBy(sign: string, [major, minor]: readonly (number | undefined)[]): number {
  if (sign === '~') return 2;
  if (sign === '') return 3;
  return major !== 0 ? 1 : minor !== 0 ? 2 : 3;
}

function partsOf(number: string): Parts {
  return number.split('.').map(Number) as Parts;
}

import { isBroken } from './verdict.mjs';

/**
 * @param {readonly import('./verdict.mjs').Verdict[]} verdicts
 */
export function tableOf(verdicts) {
  return verdicts.map((verdict) => ` ${isBroken(verdict) ? 'BROKEN' : '    ok'}  ${numbers(verdict)}  ${verdict.promise}`).join('\n');
}

/**
 * What was found against the promises that were broken, the first few of each.
 * @param {readonly import('./verdict.mjs').Verdict[]} verdicts
 */
export function breachesOf(verdicts) {
  return verdicts
    .filter(isBroken)
    .map(({ promise, found }) => [promise, ...found.slice(0, 5).map((line) => `  ${line}`)].join('\n'))
    .join('\n');
}

/** @param {import('./verdict.mjs').Verdict} verdict */
function numbers({ found, most = 0 }) {
  return `${found.length}${most === 0 ? '' : ` ≤ ${most}`}`.padStart(10);
}

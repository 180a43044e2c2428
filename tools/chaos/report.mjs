import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breachesOf, tableOf } from './table.mjs';
import { isBroken } from './verdict.mjs';

/** @typedef {import('./victims/victim.mjs').Victim} Victim */

/**
 * What was sent and how long it was away, in one line.
 * @param {import('./ledger.mjs').Ledger} ledger
 * @param {Victim} victim
 */
export function summaryOf(ledger, { faults }) {
  const backs = faults.map(({ at, back }) => back - at).sort((a, b) => a - b);
  const sent = `sent ${ledger.sent.size}: ${ledger.count('ok')} accepted, ${ledger.count('failed')} refused, ${ledger.count('unknown')} unknown`;
  return `${sent}   back after ${backs.at(0) ?? 0}–${backs.at(-1) ?? 0} ms`;
}

/**
 * Prints the verdicts; where a promise was broken, also how to look at it. Answers the exit code.
 * @param {string} folder removed when nothing was broken
 * @param {readonly import('./verdict.mjs').Verdict[]} verdicts
 * @param {readonly string[]} notes what else went wrong
 * @param {Victim} victim
 */
export function tell(folder, verdicts, notes, { faults, outputs }) {
  console.log(tableOf(verdicts));
  if (notes.length === 0 && !verdicts.some(isBroken)) {
    rmSync(folder, { recursive: true, force: true });
    return 0;
  }
  writeFileSync(join(folder, 'output.log'), outputs);
  writeFileSync(join(folder, 'faults.json'), JSON.stringify(faults));
  console.log(
    [
      ...notes,
      breachesOf(verdicts),
      `hurt at ms ${faults.map(({ what, at, back }) => `${at}–${back} (${what})`).join(', ')}`,
      `kept: ${folder}`,
    ].join('\n'),
  );
  return 1;
}

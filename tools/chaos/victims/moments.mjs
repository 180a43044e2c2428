import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does harm at random moments of a time, each a moment after the harm before it is repaired at the earliest.
 * @param {{ kills: number, seconds: number }} plan
 * @param {import('../chance.mjs').Chance} chance
 * @param {() => Promise<void>} harm
 */
export async function atRandom({ kills, seconds }, chance, harm) {
  const begun = performance.now();
  const moments = Array.from({ length: kills }, () => chance.next() * seconds * 1000).sort((a, b) => a - b);
  for (const moment of moments) {
    await sleep(Math.max(moment - (performance.now() - begun), chance.below(1_000)));
    await harm();
  }
  await sleep(Math.max(0, seconds * 1000 - (performance.now() - begun)));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { OPEN } from './consumers.mjs';
import { startMillrace } from './contestants.mjs';
import { sayMemory } from './report.mjs';

/** Sockets that are there before, so that what comes with the first does not count, and those that are counted. */
const FIRST = 100;
const COUNTED = 1_000;
const AT_ONCE = 25;
/** Milliseconds after which a process has come to rest. */
const REST = 3_000;
const BAR = 45;

/**
 * The resident memory that a socket with a subscription takes, on an installation of its own each time.
 * @param {number} rounds
 */
export async function memory(rounds) {
  /** @type {number[]} */
  const kilobytes = [];
  for (let round = 0; round < rounds; round++) {
    await using ours = await startMillrace('fast');
    await open(ours.place, FIRST);
    const before = ours.rss();
    await open(ours.place, COUNTED);
    kilobytes.push(((ours.rss() - before) * 1024) / COUNTED);
  }
  return sayMemory(COUNTED, kilobytes, BAR);
}

/**
 * @param {import('./consumers.mjs').Place} place
 * @param {number} count
 */
async function open(place, count) {
  for (let at = 0; at < count; at += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => OPEN.millrace(place, ['all'], () => undefined)));
  }
  await sleep(REST);
}

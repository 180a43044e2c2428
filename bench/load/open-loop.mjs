// Load generator, a process of its own: sends requests at a constant rate whatever becomes of them, and counts each from the moment it was
// due, so that a server that stalls cannot hide its queue. Its own first second, before its code is compiled and its connections are open, is
// not counted. Argument: a `Wish` as JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { Tally } from './requests.mjs';

const MOST_CONNECTIONS = 256;
/** Seconds. */
const WARM_UP = 1;

/** @type {import('./run-load.mjs').Wish} */
const wish = JSON.parse(process.argv[2] ?? '{}');
const { rate = 1, seconds } = wish;
const tally = new Tally(wish, MOST_CONNECTIONS);
await send(WARM_UP);
tally.forget();
const begun = performance.now();
await send(seconds);
await tally.report((performance.now() - begun) / 1000);

/** @param {number} duration seconds */
async function send(duration) {
  const begun = performance.now();
  const count = Math.ceil(rate * duration);
  /** @type {Promise<void>[]} */
  const sent = [];
  while (sent.length < count) {
    const due = begun + (sent.length / rate) * 1000;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    else sent.push(tally.send(due));
  }
  await Promise.all(sent);
}

// Load generator, a process of its own: keeps a number of requests in flight for a time, checks each answer, prints one JSON line.
// Argument: a `Wish` as JSON.
import { Tally } from './requests.mjs';

/** @type {import('./run-load.mjs').Wish} */
const wish = JSON.parse(process.argv[2] ?? '{}');
const { inFlight = 1, seconds } = wish;
const tally = new Tally(wish, inFlight);
const begun = performance.now();

await Promise.all(
  Array.from({ length: inFlight }, async () => {
    while (performance.now() < begun + seconds * 1000) await tally.send(performance.now());
  }),
);
await tally.report((performance.now() - begun) / 1000);

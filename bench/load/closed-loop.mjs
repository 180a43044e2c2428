// Load generator, a process of its own: keeps a number of requests in flight for a time, checks each answer, prints one JSON line.
// Arguments: one JSON object {url, method, headers, body, inFlight, seconds, status, includes}.
import { Pool } from 'undici';

/** @type {import('./run-load.mjs').Wish} */
const wish = JSON.parse(process.argv[2] ?? '{}');
const { origin, pathname, search } = new URL(wish.url);
const pool = new Pool(origin, { connections: wish.inFlight, pipelining: 1 });
/** @type {number[]} */
const latencies = [];
let wrong = 0;
const end = performance.now() + wish.seconds * 1000;

async function one() {
  const begun = performance.now();
  const { statusCode, body } = await pool.request({ path: pathname + search, method: wish.method, headers: wish.headers, body: wish.body });
  const text = await body.text();
  latencies.push(performance.now() - begun);
  if (statusCode !== wish.status || !text.includes(wish.includes)) wrong += 1;
}

await Promise.all(
  Array.from({ length: wish.inFlight }, async () => {
    while (performance.now() < end) await one();
  }),
);
await pool.close();
latencies.sort((a, b) => a - b);
const at = (/** @type {number} */ share) =>
  Math.round((latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0) * 100) / 100;
console.log(JSON.stringify({ perSecond: Math.round(latencies.length / wish.seconds), p50: at(0.5), p99: at(0.99), wrong }));

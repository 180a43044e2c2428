// Says events at a constant rate and takes them as every consumer, in one process: one clock tells how long each was on its way, counted from
// the moment it was due. Argument: an `Order` as JSON. Prints what it found as one line of JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { OPEN } from './consumers.mjs';

/**
 * @typedef {object} Order
 * @property {import('./consumers.mjs').Place} place
 * @property {string} say path to which an event, or a call of the automation that says some, is posted
 * @property {'bare' | 'batch'} form of what is posted: the event itself, or a batch of one
 * @property {number} status of a good answer
 * @property {number} rate events a second
 * @property {number} burst events for one post
 * @property {readonly (readonly string[])[]} kinds that each consumer takes
 * @property {readonly string[]} said kinds that are said, in turns
 * @property {number} weight bytes of an event
 * @property {number} warmUp seconds that do not count
 * @property {number} seconds
 */

/** @typedef {{ events: number, deliveries: number, lost: number, doubled: number, refused: number, p50: number, p99: number, seconds: number }} Found */

const PATIENCE = 10_000;

/** @type {Order} */
const order = JSON.parse(process.argv[2] ?? '{}');
const { place, rate, burst, kinds, said, weight, warmUp, seconds } = order;
const posts = Math.ceil((rate * (warmUp + seconds)) / burst);
const counted = Math.ceil((rate * warmUp) / burst) * burst;
const kindOf = (/** @type {number} */ number) => said[number % said.length] ?? '';

/** @type {number[]} */
const latencies = [];
/** @type {Uint8Array[]} */
const seen = kinds.map(() => new Uint8Array(posts * burst));
let refused = 0;

const consumers = [];
for (const [index, wanted] of kinds.entries()) {
  const mine = seen[index] ?? new Uint8Array();
  const consumer = await OPEN[place.kind](place, wanted, ({ number, due }) => {
    mine[number] = (mine[number] ?? 0) + 1;
    if (number >= counted) latencies.push(performance.now() - due);
  });
  consumers.push(consumer);
}

const pool = new Pool(place.url, { connections: 64, pipelining: 1 });
const padding = 'x'.repeat(Math.max(0, weight - 64));
const begun = performance.now();
/** @type {Promise<void>[]} */
const sent = [];
while (sent.length < posts) {
  const due = begun + ((sent.length * burst) / rate) * 1000;
  const early = due - performance.now();
  if (early > 0) await sleep(early);
  else sent.push(post(sent.length * burst, due));
}
await Promise.all(sent);
const took = (performance.now() - begun) / 1000;
const expected = kinds.map((wanted) =>
  Array.from({ length: posts * burst }, (_, number) => number).filter((number) => wanted.includes(kindOf(number))),
);
const deadline = performance.now() + PATIENCE;
while (missing() > 0 && performance.now() < deadline) await sleep(20);
const lost = missing();
const doubled = seen.reduce((sum, mine) => sum + mine.reduce((more, times) => more + Math.max(0, times - 1), 0), 0);
for (const consumer of consumers) await consumer.stop();
await pool.close();
const sorted = latencies.toSorted((a, b) => a - b);
const at = (/** @type {number} */ share) =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
const deliveries = seen.reduce((sum, mine) => sum + mine.reduce((more, times) => more + times, 0), 0);
/** @type {Found} */
const found = { events: posts * burst, deliveries, lost, doubled, refused, p50: at(0.5), p99: at(0.99), seconds: took };
console.log(JSON.stringify(found));
process.exit(0);

function missing() {
  return expected.reduce((sum, numbers, index) => sum + numbers.filter((number) => seen[index]?.[number] === 0).length, 0);
}

/**
 * @param {number} number of the first event
 * @param {number} due
 */
async function post(number, due) {
  const event = { number, due, kind: kindOf(number), pad: padding };
  const body = order.form === 'bare' ? event : { events: [{ type: `bench.${event.kind}`, payload: event }] };
  const headers = { 'content-type': 'application/json', ...place.headers };
  const answer = await pool.request({ path: order.say, method: 'POST', headers, body: JSON.stringify(body) });
  await answer.body.dump();
  if (answer.statusCode !== order.status) refused += 1;
}

// More requests than can be served, whatever becomes of them, a process of its own: `{url, token, rate, seconds}` as the argument, what
// was served and refused, how fast, and what health said meanwhile, as one line of JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { summary } from './paced.mjs';

/** Requests under way at most: one more is not sent, and counts as neither. */
const MOST = 2_500;
/** Connections that are opened at once before the flood. */
const STEP = 100;
const PROBES = 250;

/** @type {{ url: string, token: string, path: string, rate: number, seconds: number }} */
const { url, token, path, rate, seconds } = JSON.parse(process.argv[2] ?? '{}');
const pool = new Pool(url, { connections: MOST, pipelining: 1, connectTimeout: 60_000 });
const probes = new Pool(url, { connections: 1 });
const headers = { authorization: `Bearer ${token}` };
/** @type {Map<number, number[]>} */
const byStatus = new Map();
let [underWay, unsent, lost, healthy, asked] = [0, 0, 0, 0, 0];

const send = async () => {
  underWay += 1;
  const sent = performance.now();
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
    await body.dump();
    const latencies = byStatus.get(statusCode) ?? [];
    latencies.push(performance.now() - sent);
    byStatus.set(statusCode, latencies);
  } catch {
    lost += 1;
  }
  underWay -= 1;
};
const probe = async () => {
  while (performance.now() < end) {
    asked += 1;
    const { statusCode, body } = await probes.request({ method: 'GET', path: '/healthz' });
    await body.dump();
    if (statusCode === 200) healthy += 1;
    await sleep(PROBES);
  }
};

for (let opened = STEP; opened <= MOST; opened += STEP) await Promise.all(Array.from({ length: opened }, send));
byStatus.clear();
const begun = performance.now();
const end = begun + seconds * 1000;
const probing = probe();
/** @type {Promise<void>[]} */
const sends = [];
for (let due = 0; performance.now() < end;) {
  const now = Math.floor(((performance.now() - begun) / 1000) * rate);
  for (; due < now; due++) {
    if (underWay < MOST) sends.push(send());
    else unsent += 1;
  }
  await sleep(1);
}
await Promise.all([...sends, probing]);
const took = (performance.now() - begun) / 1000;
await Promise.all([pool.close(), probes.close()]);
const of = (/** @type {(status: number) => boolean} */ wanted) =>
  [...byStatus].flatMap(([status, latencies]) => (wanted(status) ? latencies : []));
const served = of((status) => status === 200);
const refused = of((status) => status === 503);
const other = of((status) => status !== 200 && status !== 503).length;
console.log(
  JSON.stringify({
    served: served.length / took,
    refused: summary(refused),
    other,
    lost,
    unsent,
    healthy,
    asked,
    p99: summary(served).p99,
  }),
);

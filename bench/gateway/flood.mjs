// More requests than can be served, whatever becomes of them, a process of its own: `{url, token, rate, seconds}` as the argument, what
// was served and refused, how fast, and what health said meanwhile, as one line of JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { Lines } from './lines.mjs';
import { summary } from './paced.mjs';

/** Requests under way at most: one more is not sent, and counts as neither. */
const MOST = 2_500;
/** Connections that are opened at once before the flood. */
const STEP = 100;
const PROBES = 250;

/** @type {{ url: string, token: string, path: string, rate: number, seconds: number }} */
const { url, token, path, rate, seconds } = JSON.parse(process.argv[2] ?? '{}');
const { host } = new URL(url);
const lines = new Lines(url, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n\r\n`);
const probes = new Lines(url, `GET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
/** @type {Map<number, number[]>} */
const byStatus = new Map();
let [unsent, healthy, asked] = [0, 0, 0];

const send = async () => {
  const sent = performance.now();
  const status = await lines.send();
  if (status === undefined) {
    unsent += 1;
    return;
  }
  const latencies = byStatus.get(status) ?? [];
  latencies.push(performance.now() - sent);
  byStatus.set(status, latencies);
};
const probe = async () => {
  while (performance.now() < end) {
    asked += 1;
    if ((await probes.send()) === 200) healthy += 1;
    await sleep(PROBES);
  }
};

await probes.open(1);
for (let opened = 0; opened < MOST; opened += STEP) await lines.open(STEP);
const begun = performance.now();
const end = begun + seconds * 1000;
const probing = probe();
/** @type {Promise<void>[]} */
const sends = [];
for (let due = 0; performance.now() < end;) {
  const now = Math.floor(((performance.now() - begun) / 1000) * rate);
  for (; due < now; due++) sends.push(send());
  await sleep(1);
}
await Promise.all([...sends, probing]);
const took = (performance.now() - begun) / 1000;
lines.close();
probes.close();
const of = (/** @type {(status: number) => boolean} */ wanted) =>
  [...byStatus].flatMap(([status, latencies]) => (wanted(status) ? latencies : []));
const served = of((status) => status === 200);
const refused = of((status) => status === 503);
const lost = of((status) => status === 0).length;
const other = of((status) => ![0, 200, 503].includes(status)).length;
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

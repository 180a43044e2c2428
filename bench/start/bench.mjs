// Time to ready and idle memory of standalone, beside an empty Node process that listens: quality.md M1, M2.
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startChild } from '../product/child.mjs';
import { residentMegabytes, startStandalone } from '../product/standalone.mjs';

const ROUNDS = 5;
const EMPTY = 'require("node:http").createServer((q, s) => s.end("ok")).listen(Number(process.env.PORT), "127.0.0.1")';

async function empty() {
  const port = await freePort();
  const child = await startChild(['-e', EMPTY], { env: { PORT: String(port) }, url: `http://127.0.0.1:${port}` });
  await sleep(2_000);
  const result = { milliseconds: child.milliseconds, megabytes: residentMegabytes(child.pid) };
  await child.stop();
  return result;
}

async function ours() {
  const standalone = await startStandalone();
  await sleep(2_000);
  const result = { milliseconds: standalone.milliseconds, megabytes: standalone.rss() };
  await standalone.stop();
  return result;
}

/** @typedef {{ milliseconds: number, megabytes: number }} Figures */

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** @type {{ ours: Figures[], empty: Figures[] }} */
const rounds = { ours: [], empty: [] };
for (let round = 0; round < ROUNDS; round++) {
  rounds.ours.push(await ours());
  rounds.empty.push(await empty());
}
const show = (/** @type {'ours' | 'empty'} */ name, /** @type {keyof Figures} */ key) => {
  const values = rounds[name].map((result) => result[key]);
  return `${String(median(values)).padStart(6)} [${Math.min(...values)}–${Math.max(...values)}]`;
};
const verdict = (/** @type {number} */ value, /** @type {number} */ bar) => (value <= bar ? 'met' : 'missed');
const time = median(rounds.ours.map(({ milliseconds }) => milliseconds));
const memory = median(rounds.ours.map(({ megabytes }) => megabytes));
console.log(`bench start   node ${process.versions.node}   ${ROUNDS} rounds, medians [min–max]`);
console.log(
  ` M1 ready, ms    standalone ${show('ours', 'milliseconds')}   empty node ${show('empty', 'milliseconds')}   bar 2000   ${verdict(time, 2_000)}`,
);
console.log(
  ` M2 idle, MB     standalone ${show('ours', 'megabytes')}   empty node ${show('empty', 'megabytes')}   bar  200   ${verdict(memory, 200)}`,
);
process.exitCode = time <= 2_000 && memory <= 200 ? 0 : 1;

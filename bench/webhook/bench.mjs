// An endpoint with three instructions against Node-RED's http in → function → http response in the same run: B1 and B2 of quality.md.
// Options: `--rounds N`, `--seconds N`, `--profile` for where the time of a request goes instead.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { load } from '../load/run-load.mjs';
import { median, ratiosOf, spread, verdict } from '../rounds/figures.mjs';
import { inTurns } from '../rounds/pairs.mjs';
import { startEndpoints } from './endpoints.mjs';
import { NODE_RED, startNodeRed } from './node-red.mjs';
import { printProfile } from './profile.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seconds: { type: 'string' }, profile: { type: 'boolean' } },
});
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 10);
const WARM_UP = Math.min(SECONDS, 5);
const IN_FLIGHT = 16;
const BARS = { forgotten: 0.5, kept: 0.25, p99: 25 };
const BODY = JSON.stringify({ name: 'Ada', padding: 'x'.repeat(980) });

const wish = (/** @type {string} */ url, /** @type {number} */ seconds) => ({
  url,
  seconds,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: BODY,
  status: 200,
  includes: 'Hello, Ada!',
});
const closed = (/** @type {string} */ url, seconds = SECONDS) => load({ ...wish(url, seconds), inFlight: IN_FLIGHT });
/** @typedef {import('../load/run-load.mjs').Load & { cost: number }} Figures cost: milliseconds of the processor for 1,000 requests */

if (values.profile === true) {
  const warmUp = (/** @type {string} */ url) => closed(url, WARM_UP);
  await printProfile('forgotten', closed, warmUp);
  await printProfile('kept', closed, warmUp);
} else {
  await compare();
}

async function compare() {
  if (!existsSync(NODE_RED)) throw new Error('The peer is not installed: npm ci --ignore-scripts --prefix bench/peers/node-red');
  const [ours, safe, peer] = [
    await startEndpoints({ env: { MILLRACE_DURABILITY: 'fast' } }),
    await startEndpoints({ env: { MILLRACE_DURABILITY: 'safe' } }),
    await startNodeRed(),
  ];
  try {
    const contestants = {
      forgotten: measured(ours.forgotten, ours),
      peer: measured(peer.url, peer),
      kept: measured(ours.kept, ours),
      safe: measured(safe.kept, safe),
    };
    for (const url of [ours.forgotten, ours.kept, safe.kept, peer.url]) await closed(url, WARM_UP);
    console.log(
      `bench webhook   node ${process.versions.node}   ${IN_FLIGHT} in flight, ${ROUNDS} rounds of ${SECONDS} s, medians [min–max]`,
    );
    const results = await inTurns(contestants, ROUNDS);
    const of = (/** @type {string} */ name) => results.get(name) ?? [];
    const met = [
      row('B1 nothing kept', of('forgotten'), of('peer'), BARS.forgotten),
      row('B2 kept, page cache', of('kept'), of('peer'), BARS.kept),
      row('   kept, fsync', of('safe'), of('peer')),
    ];
    show('   node-red', of('peer'));
    const rate = median(of('kept').map(({ perSecond }) => perSecond)) / 2;
    met.push(await atHalfLoad(rate, { ours: ours.kept, peer: peer.url }));
    process.exitCode = met.every(Boolean) ? 0 : 1;
  } finally {
    for (const one of [ours, safe, peer]) await one.stop();
  }
}

/**
 * @param {string} url
 * @param {{ processorTime(): number }} server
 */
function measured(url, server) {
  return async () => {
    const before = server.processorTime();
    const result = await closed(url);
    return { ...result, cost: (1000 * (server.processorTime() - before)) / result.count };
  };
}

/**
 * @param {string} name
 * @param {Figures[]} ours
 * @param {Figures[]} peers
 * @param {number} [bar]
 */
function row(name, ours, peers, bar) {
  show(name, ours);
  const ratios = ratiosOf(speedsOf(ours), speedsOf(peers));
  const byCost = ratiosOf(
    peers.map(({ cost }) => cost),
    ours.map(({ cost }) => cost),
  );
  const met = bar === undefined || median(ratios) >= bar;
  const said = bar === undefined ? '' : `   bar ${bar}   ${verdict(ratios, met)}`;
  console.log(`     beside node-red  ${spread(ratios)}   by the processor's time  ${spread(byCost)}${said}`);
  return met;
}

/** @param {Figures[]} figures */
function speedsOf(figures) {
  return figures.map(({ perSecond }) => perSecond);
}

/**
 * @param {string} name
 * @param {Figures[]} figures
 */
function show(name, figures) {
  const of = (/** @type {keyof Figures} */ key, digits = 2) => median(figures.map((figure) => figure[key])).toFixed(digits);
  console.log(
    ` ${name.padEnd(20)} ${of('perSecond', 0)}/s   p50 ${of('p50')} ms   p99 ${of('p99')} ms   ${of('cost', 0)} ms of the processor for 1,000`,
  );
}

/**
 * Latency at a constant rate, from the moment each request was due.
 * @param {number} rate
 * @param {{ ours: string, peer: string }} urls
 */
async function atHalfLoad(rate, { ours, peer }) {
  const open = (/** @type {string} */ url) => () => load({ ...wish(url, SECONDS), rate });
  const results = await inTurns({ ours: open(ours), peer: open(peer) }, ROUNDS);
  const p99 = (/** @type {string} */ name) => (results.get(name) ?? []).map((result) => result.p99);
  const met = median(p99('ours')) <= BARS.p99;
  console.log(
    ` B2 at half load, ${Math.round(rate)}/s   p99 ${spread(p99('ours'))} ms   node-red ${spread(p99('peer'))} ms   bar ${BARS.p99} ms   ${verdict(p99('ours'), met)}`,
  );
  return met;
}

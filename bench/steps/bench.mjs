// Steps per second that survive a crash: runs of fetches, each result in a checkpoint on the disk before the next one goes out, beside the
// same fetches with one SQLite transaction each. Options: `--rounds N`, `--seconds N`.
import { parseArgs } from 'node:util';
import { load } from '../load/run-load.mjs';
import { median, ratiosOf, spread } from '../rounds/figures.mjs';
import { inTurns } from '../rounds/pairs.mjs';
import { startOurs, startRaw, startSink } from './contestants.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 10);
const STEPS = 20;
const ABREAST = [1, 64];

const sink = await startSink();
const started = [sink];
try {
  const [ours, raw] = [await startOurs(sink.url, STEPS), await startRaw(sink.url, STEPS)];
  started.push(ours, raw);
  console.log(
    `bench steps   node ${process.versions.node}   runs of ${STEPS} steps, fsync, ${ROUNDS} rounds of ${SECONDS} s, medians [min–max]`,
  );
  for (const inFlight of ABREAST) await compare({ ours: measured(ours, inFlight), raw: measured(raw, inFlight) }, inFlight);
} finally {
  for (const one of started.toReversed()) await one.stop();
}

/**
 * @param {Record<'ours' | 'raw', ReturnType<typeof measured>>} contestants
 * @param {number} inFlight runs at once
 */
async function compare(contestants, inFlight) {
  await inTurns(contestants, 1);
  const results = await inTurns(contestants, ROUNDS);
  const of = (/** @type {string} */ name, /** @type {'steps' | 'cost' | 'p50'} */ key) => (results.get(name) ?? []).map((one) => one[key]);
  const show = (/** @type {string} */ name) =>
    `${Math.round(median(of(name, 'steps')))} steps/s, a run p50 ${median(of(name, 'p50')).toFixed(1)} ms, ${median(of(name, 'cost')).toFixed(2)} ms of the processor a step`;
  console.log(` ${inFlight} at once`);
  console.log(`   millrace  ${show('ours')}`);
  console.log(`   raw       ${show('raw')}`);
  const byCost = ratiosOf(of('raw', 'cost'), of('ours', 'cost'));
  console.log(`   ratio     ${spread(ratiosOf(of('ours', 'steps'), of('raw', 'steps')))}   by the processor's time  ${spread(byCost)}`);
}

/**
 * @param {{ url: string, processorTime(): number }} server
 * @param {number} inFlight
 */
function measured(server, inFlight) {
  const headers = { 'content-type': 'application/json' };
  const wish = { url: server.url, method: 'POST', headers, body: '{}', seconds: SECONDS, status: 200, includes: '"ok":true', inFlight };
  return async () => {
    const before = server.processorTime();
    const { count, perSecond, p50 } = await load(wish);
    return { steps: perSecond * STEPS, p50, cost: (server.processorTime() - before) / (count * STEPS) };
  };
}

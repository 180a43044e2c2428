// What one who asks for too much does to the others: the p99 of a quick call at a constant rate stays within one and a half of what it is
// without (the requirement "one request cannot make others slow"). Options: `--rounds N`, `--seconds N`.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load } from '../load/run-load.mjs';
import { signIn, startStandalone, tokenOf } from '../product/standalone.mjs';
import { median, ratiosOf, spread, verdict } from '../rounds/figures.mjs';
import { inTurns } from '../rounds/pairs.mjs';
import { hogsOf } from './hogs.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 6);
const RATE = 100;
const BAR = 1.5;
/** Milliseconds between two requests of one who asks for too much: what is measured is what each does, not a flood of them. */
const PAUSE = 100;
const EVENTS = 2_000;
const AT_ONCE = 250;

let authorization = '';
const standalone = await startStandalone({ env: { MILLRACE_DURABILITY: 'fast' } });
try {
  const workspace = await fill();
  console.log(
    `bench others   node ${process.versions.node}   p99 of a list of workspaces at ${RATE}/s, ${ROUNDS} rounds of ${SECONDS} s of each, medians [min–max]`,
  );
  const hogs = hogsOf({ url: standalone.url, workspace, authorization: () => authorization });
  await quick();
  // Each round has one measurement without any of them, which all of the round are compared with.
  const contestants = Object.fromEntries(Object.entries(hogs).map(([name, hog]) => [name, () => beside(hog)]));
  const results = await inTurns({ quiet: quick, ...contestants }, ROUNDS);
  const met = Object.keys(hogs).map((name) => report(name, results));
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await standalone.stop();
}

/** Answers where the workspace is: full of events, which have forty words each. */
async function fill() {
  const call = await signIn(standalone.url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  const words = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
  for (let at = 0; at < EVENTS; at += AT_ONCE) {
    const events = Array.from({ length: AT_ONCE }, (_, index) => ({ type: 'load.made', payload: { at: at + index, words } }));
    await call('POST', `/v1/workspaces/${id}/events`, { events });
  }
  return `/v1/workspaces/${id}`;
}

async function quick() {
  // A token lives less long than all of the rounds.
  authorization = `Bearer ${await tokenOf(standalone.url)}`;
  const wish = { method: 'GET', headers: { authorization }, body: '', status: 200, includes: '"items"', rate: RATE, seconds: SECONDS };
  return load({ ...wish, url: `${standalone.url}/v1/workspaces` });
}

/**
 * Measures while one asks for too much again and again.
 * @param {() => Promise<unknown>} hog
 */
async function beside(hog) {
  const over = new AbortController();
  const [result] = await Promise.all([quick().finally(() => over.abort()), keepAsking(hog, over.signal)]);
  return result;
}

/**
 * @param {() => Promise<unknown>} hog
 * @param {AbortSignal} signal
 */
async function keepAsking(hog, signal) {
  while (!signal.aborted) {
    await hog();
    await sleep(PAUSE);
  }
}

/**
 * @param {string} name
 * @param {Map<string, { p99: number }[]>} results
 */
function report(name, results) {
  const p99 = (/** @type {string} */ which) => (results.get(which) ?? []).map((one) => one.p99);
  const ratios = ratiosOf(p99(name), p99('quiet'));
  const met = median(ratios) <= BAR;
  console.log(
    ` ${name.padEnd(14)} quiet ${spread(p99('quiet'), 1)} ms   meanwhile ${spread(p99(name), 1)} ms   ratio ${spread(ratios)}   bar ${BAR}   ${verdict(ratios, met)}`,
  );
  return met;
}

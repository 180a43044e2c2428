// What runs that would never end, or take all there is, do to others: each is stopped by its limit, and the p99 of a quick endpoint at a
// constant rate stays within twice of what it is without them (quality.md R22). Options: `--rounds N`, `--seconds N`.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load } from '../load/run-load.mjs';
import { signIn, startStandalone } from '../product/standalone.mjs';
import { median, ratiosOf, spread, verdict } from '../rounds/figures.mjs';
import { inTurns } from '../rounds/pairs.mjs';
import { HOSTILE, QUICK } from './hostile.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 10);
const RATE = 100;
const BAR = 2;
/** Milliseconds between two calls of one that has to be stopped: what is measured is what each does, not a flood of them. */
const PAUSE = 100;

const standalone = await startStandalone({ env: { MILLRACE_DURABILITY: 'fast' } });
try {
  const webhooks = await publish();
  await quick(webhooks)();
  console.log(
    `bench limits   node ${process.versions.node}   p99 of a quick endpoint at ${RATE}/s, ${ROUNDS} rounds of ${SECONDS} s, medians [min–max]`,
  );
  const met = [];
  for (const slug of Object.keys(HOSTILE)) met.push(await beside(slug, webhooks));
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await standalone.stop();
}

/** Answers where the endpoints are. */
async function publish() {
  const call = await signIn(standalone.url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  for (const [slug, { source }] of Object.entries(HOSTILE)) await call('PUT', `/v1/workspaces/${id}/automations/${slug}`, source);
  await call('PUT', `/v1/workspaces/${id}/automations/quick`, QUICK);
  await call('POST', `/v1/workspaces/${id}/versions`, {});
  return `${standalone.url}/v1/workspaces/${id}/webhooks`;
}

/**
 * @param {string} slug
 * @param {string} webhooks
 */
async function beside(slug, webhooks) {
  /** @type {Set<string>} */
  const codes = new Set();
  let ended = 0;
  const meanwhile = async () => {
    const over = new AbortController();
    const hostile = keepCalling(`${webhooks}/${slug}`, over.signal, (code) => {
      codes.add(code);
      ended += 1;
    });
    const result = await quick(webhooks)();
    over.abort();
    await hostile;
    return result;
  };
  const results = await inTurns({ quiet: quick(webhooks), meanwhile }, ROUNDS);
  const p99 = (/** @type {string} */ name) => (results.get(name) ?? []).map((one) => one.p99);
  const ratios = ratiosOf(p99('meanwhile'), p99('quiet'));
  const isStopped = ended > 0 && [...codes].every((code) => HOSTILE[slug]?.code.test(code));
  const met = isStopped && median(ratios) <= BAR;
  const stopped = `${ended} ended${codes.has('') ? '' : ` by ${[...codes].join(', ')}`}`;
  console.log(
    ` ${slug.padEnd(10)} quiet ${spread(p99('quiet'), 1)} ms   meanwhile ${spread(p99('meanwhile'), 1)} ms   ratio ${spread(ratios)}   bar ${BAR}   ${verdict(ratios, met)}   ${stopped}`,
  );
  return met;
}

/** @param {string} webhooks */
function quick(webhooks) {
  const headers = { 'content-type': 'application/json' };
  const wish = { method: 'POST', headers, body: '{"name":"Ada"}', status: 200, includes: 'Hello, Ada!', rate: RATE, seconds: SECONDS };
  return () => load({ ...wish, url: `${webhooks}/quick` });
}

/**
 * Calls one after the other until `signal`, and tells the code of each answer; empty for one that is well.
 * @param {string} url
 * @param {AbortSignal} signal
 * @param {(code: string) => void} tell
 */
async function keepCalling(url, signal, tell) {
  while (!signal.aborted) {
    const answer = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    const { code = '' } = /** @type {{ code?: string }} */ (answer.ok ? await answer.text().then(() => ({})) : await answer.json());
    tell(code);
    await sleep(PAUSE);
  }
}

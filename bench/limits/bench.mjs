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
const SECONDS = Number(values.seconds ?? 6);
const RATE = 100;
const BAR = 2;
/** Milliseconds between two calls of one that has to be stopped: what is measured is what each does, not a flood of them. */
const PAUSE = 100;

/** @typedef {{ ended: number, codes: Set<string> }} Stopped */

const standalone = await startStandalone({ env: { MILLRACE_DURABILITY: 'fast' } });
try {
  const { call, workspace } = await publish();
  const webhooks = `${standalone.url}${workspace}/webhooks`;
  await quick(webhooks)();
  console.log(
    `bench limits   node ${process.versions.node}   p99 of a quick endpoint at ${RATE}/s, ${ROUNDS} rounds of ${SECONDS} s of each, medians [min–max]`,
  );
  /** @type {Map<string, Stopped>} */
  const stops = new Map(Object.keys(HOSTILE).map((slug) => [slug, { ended: 0, codes: new Set() }]));
  const attacks = Object.fromEntries([...stops].map(([slug, stopped]) => [slug, () => beside(slug, webhooks, stopped)]));
  // Each round has one measurement without any of them, which all of the round are compared with.
  const results = await inTurns({ quiet: quick(webhooks), ...attacks }, ROUNDS);
  const told = await errorsTold(call, workspace);
  const met = [...stops].map(([slug, stopped]) => report(slug, results, stopped, told));
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await standalone.stop();
}

/** Answers where the workspace is. */
async function publish() {
  const call = await signIn(standalone.url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  const workspace = `/v1/workspaces/${id}`;
  for (const [slug, { source }] of Object.entries(HOSTILE)) await call('PUT', `${workspace}/automations/${slug}`, source);
  await call('PUT', `${workspace}/automations/quick`, QUICK);
  await call('POST', `${workspace}/versions`, {});
  return { call, workspace };
}

/**
 * Measures while one that has to be stopped is called again and again; its last call is over when this resolves.
 * @param {string} slug
 * @param {string} webhooks
 * @param {Stopped} stopped
 */
async function beside(slug, webhooks, stopped) {
  const over = new AbortController();
  const hostile = keepCalling(`${webhooks}/${slug}`, over.signal, (code) => {
    stopped.codes.add(code);
    stopped.ended += 1;
  });
  const result = await quick(webhooks)();
  over.abort();
  await hostile;
  return result;
}

/**
 * The codes of the errors that runs have told, the newest of them.
 * @param {Awaited<ReturnType<typeof signIn>>} call
 * @param {string} workspace
 */
async function errorsTold(call, workspace) {
  /** @type {{ items?: { payload: { code: string } }[] }} */
  const { items = [] } = await call('GET', `${workspace}/events?types=error&limit=200`, undefined);
  return new Set(items.map(({ payload }) => payload.code));
}

/**
 * @param {string} slug
 * @param {Map<string, { p99: number }[]>} results
 * @param {Stopped} stopped
 * @param {Set<string>} told
 */
function report(slug, results, { ended, codes }, told) {
  const p99 = (/** @type {string} */ name) => (results.get(name) ?? []).map((one) => one.p99);
  const ratios = ratiosOf(p99(slug), p99('quiet'));
  const { code, tells } = HOSTILE[slug] ?? { code: /^$/ };
  const isStopped = ended > 0 && [...codes].every((one) => code.test(one)) && (tells === undefined || told.has(tells));
  const met = isStopped && median(ratios) <= BAR;
  const by = tells ?? [...codes].join(', ');
  console.log(
    ` ${slug.padEnd(10)} quiet ${spread(p99('quiet'), 1)} ms   meanwhile ${spread(p99(slug), 1)} ms   ratio ${spread(ratios)}   bar ${BAR}   ${verdict(ratios, met)}   ${ended} ${isStopped ? 'ended' : 'NOT ended'} by ${by}`,
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

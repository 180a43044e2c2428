// What the gateway adds to a call, what it costs to know who is calling, and what becomes of three times as many requests as can be served:
// B4 and R28 of quality.md. Options: `--rounds N`, `--seconds N`.
import '../../tools/jest/run-typescript.mjs';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { QUIET } from '../../tools/launch/jest.mjs';
import { YOUNG } from '../../tools/launch/service.mjs';
import { load, pinned } from '../load/run-load.mjs';
import { freePort, startChild } from '../product/child.mjs';
import { median, spread, verdict } from '../rounds/figures.mjs';
import { inTurns } from '../rounds/pairs.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 10);
const PACE = { callers: 64, rate: 1_000, seconds: SECONDS };
const BARS = { p50: 0.8, p99: 3, goodput: 0.9, refusal: 100 };
const PASSWORD = 'bench-only-password';
/** Nobody is limited here; what is more than can be done is refused as everywhere. */
const RULES = 'limits: { read: 1000000/s, write: 1000000/s, page: 1000000/s, realm: 1000000/s }\n';
/** What is flooded: the longest page of a list there is. A refusal costs what Node's HTTP costs, so three times what can be served must be dear (ADR 75). */
const PAGE = { path: '/v1/workspaces?limit=200', items: 200 };
const CALLERS = fileURLToPath(new URL('callers.mjs', import.meta.url));
const FLOOD = fileURLToPath(new URL('flood.mjs', import.meta.url));
const HOST = fileURLToPath(new URL('host.ts', import.meta.url));

const host = await startHost();
try {
  console.log(`bench gateway   node ${process.versions.node}   ${ROUNDS} rounds of ${SECONDS} s, medians [min–max]`);
  const met = [await overBus(), await flooded()];
  /** @type {typeof import('./tokens')} */
  const { compareTokens } = await import(new URL('tokens.ts', import.meta.url).href);
  await compareTokens({ rounds: ROUNDS, milliseconds: Math.min(SECONDS, 2) * 1000 });
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await host.stop();
}

/** The same call by as many callers, over the bus within the process and over HTTP from another. */
async function overBus() {
  const query = new URLSearchParams({ callers: String(PACE.callers), rate: String(PACE.rate), seconds: String(PACE.seconds) }).toString();
  const direct = async () => /** @type {import('./paced.mjs').Latency} */ (await (await fetch(`${host.direct}?${query}`)).json());
  const http = async () =>
    /** @type {import('./paced.mjs').Latency} */ (await generated(CALLERS, { url: host.url, token: host.token, pace: PACE }));
  await inTurns({ direct, http }, 1);
  const results = await inTurns({ direct, http }, ROUNDS);
  const added = (/** @type {'p50' | 'p99'} */ share) =>
    (results.get('http') ?? []).map((one, round) => one[share] - (results.get('direct')?.[round]?.[share] ?? Number.NaN));
  return /** @type {const} */ (['p50', 'p99'])
    .map((share) => {
      const of = (/** @type {string} */ name) => median((results.get(name) ?? []).map((one) => one[share])).toFixed(2);
      const isMet = median(added(share)) <= BARS[share];
      console.log(
        ` B4 ${PACE.callers} callers, ${PACE.rate}/s, ${share}   bus ${of('direct')} ms   http ${of('http')} ms   +${spread(added(share))} ms   bar +${BARS[share]} ms   ${isMet ? 'met' : 'missed'}`,
      );
      return isMet;
    })
    .every(Boolean);
}

/**
 * What became of a flood: served in a second, refused, answered otherwise, not answered, not even sent; and what health said.
 * @typedef {{ served: number, refused: import('./paced.mjs').Latency, other: number, lost: number, unsent: number, healthy: number, asked: number, p99: number }} Flood
 */

/** Three times as many requests as can be served. */
async function flooded() {
  const { path, items } = PAGE;
  const headers = { authorization: `Bearer ${host.token}` };
  const body = (/** @type {number} */ nth) => JSON.stringify({ name: `Workspace ${nth}`, description: 'What people write about it.' });
  for (let nth = 0; nth < items; nth++) await post(`${host.url}/v1/workspaces`, body(nth));
  const wish = { url: `${host.url}${path}`, method: 'GET', headers, body: '', seconds: SECONDS, status: 200, includes: 'items' };
  /** @type {number[]} */
  const goodputs = [];
  /** @type {Flood[]} */
  const floods = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { perSecond } = await load({ ...wish, inFlight: 16 });
    const flooding = { url: host.url, token: host.token, path, rate: 3 * perSecond, seconds: SECONDS };
    const flood = /** @type {Flood} */ (await generated(FLOOD, flooding));
    floods.push(flood);
    goodputs.push(flood.served / perSecond);
    console.log(`   ${JSON.stringify({ capacity: perSecond, ...flood })}`);
  }
  const refusal = floods.flatMap(({ refused }) => (refused.count === 0 ? [] : [refused.p99]));
  const isHealthy = floods.every(({ healthy, asked, other, lost }) => healthy === asked && other + lost === 0);
  const isMet = median(goodputs) >= BARS.goodput && (refusal.length === 0 || median(refusal) <= BARS.refusal) && isHealthy;
  const refusals = refusal.length === 0 ? 'nobody was refused' : `refusals p99 ${spread(refusal)} ms, bar ${BARS.refusal} ms`;
  console.log(
    ` R28 three times what can be served   goodput ${spread(goodputs)}, bar ${BARS.goodput}   ${refusals}   health ${isHealthy ? 'answered' : 'did not answer'}   ${verdict(goodputs, isMet)}`,
  );
  return isMet;
}

/**
 * @param {string} url
 * @param {string} body
 */
async function post(url, body) {
  const headers = { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
}

/**
 * Runs a generator once, on the second core.
 * @param {string} file
 * @param {object} wish
 */
async function generated(file, wish) {
  const [command, args] = pinned(1, process.execPath, [file, JSON.stringify(wish)]);
  const { stdout } = await promisify(execFile)(command, args);
  return /** @type {unknown} */ (JSON.parse(stdout));
}

async function startHost() {
  const data = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  writeFileSync(join(data, 'gateway.yaml'), RULES);
  const [port, admin, direct] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const env = {
    MILLRACE_PORT: String(port),
    MILLRACE_ADMIN_PORT: String(admin),
    MILLRACE_DATA: data,
    MILLRACE_PUBLIC_URL: url,
    MILLRACE_FIRST_PASSWORD: PASSWORD,
    MILLRACE_DURABILITY: 'fast',
    BENCH_PORT: String(direct),
    // The page that is flooded has as many as one person may own otherwise, and the host has one of its own.
    MILLRACE_WORKSPACES_OWNED: String(2 * PAGE.items),
    NODE_ENV: 'production',
  };
  const child = await startChild([QUIET, ...YOUNG, '--import', './tools/generate/typescript-sources.mjs', HOST], {
    env,
    url: `${url}/healthz`,
  });
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: 'millrace-cli',
    username: 'ada',
    password: PASSWORD,
    scope: 'openid',
  });
  const answer = await fetch(`${url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form });
  const { access_token: token } = /** @type {{ access_token: string }} */ (await answer.json());
  return {
    ...{ url, token, direct: `http://127.0.0.1:${direct}/direct` },
    stop: async () => {
      await child.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

// What things take on the disk of a standalone, and in its memory: for the table of sizes in docs/guide/cluster.md. `--times N`: less of each.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { io } from 'socket.io-client';
import { SERVICE } from '../../tools/launch/service.mjs';
import { signIn, startStandalone, tokenOf } from '../product/standalone.mjs';

/** @typedef {(method: string, path: string, body?: unknown) => Promise<any>} Call */
/** @typedef {Record<string, number>} Sizes bytes by store */
/** @typedef {Awaited<ReturnType<typeof startStandalone>>} Standalone */

const { values } = parseArgs({ options: { times: { type: 'string', default: '5000' } } });
const TIMES = Number(values.times);
const BATCH = 100;
const WARM = 100;
const SOCKETS = 2_000;
/** Milliseconds after which a process is at rest. */
const SETTLES = 10_000;
const STORES = ['log.db', 'history.db', 'key-value.db', 'workspaces.db', 'blobs'];

const AUTOMATION = {
  short: "when: { events: [sizes.short] }\ndo:\n  - set: { name: session.seen, value: '{{payload.text}}' }\n",
  waiting: 'when: { events: [sizes.waiting] }\ndo:\n  - wait: { oneOf: [{ event: sizes.answered }], timeout: 30d, output: answer }\n',
};

/**
 * Bytes by store, of a backup: what is in a write-ahead log is in the file there.
 * @param {Standalone} standalone
 * @returns {Promise<Sizes>}
 */
async function sizes({ data }) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const to = join(folder, 'backup');
  try {
    const words = [...SERVICE, 'dist/apps/standalone/main.js', 'backup', to];
    await promisify(execFile)(process.execPath, words, { env: { ...process.env, MILLRACE_DATA: data } });
    const taken = /** @type {{ databases: Sizes, blobs: { bytes: number } }} */ (JSON.parse(readFileSync(join(to, 'backup.json'), 'utf8')));
    const { databases, blobs } = taken;
    return { ...databases, blobs: blobs.bytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Until all that read the log have done what is on it.
 * @param {Call} call
 */
async function quiet(call) {
  for (;;) {
    const { durables } = /** @type {{ durables: { lag?: string }[] }} */ (await call('GET', '/v1/platform/log'));
    if (durables.every(({ lag = '0' }) => lag === '0')) return;
    await sleep(100);
  }
}

/**
 * Does something so many times, and prints by how much each store has grown for each of them.
 * @param {string} what
 * @param {number} times
 * @param {() => Promise<unknown>} act
 * @param {{ standalone: Standalone, call: Call }} ground
 */
async function growth(what, times, act, { standalone, call }) {
  const before = await sizes(standalone);
  await act();
  await quiet(call);
  const after = await sizes(standalone);
  const each = STORES.map((store) => String(Math.round(((after[store] ?? 0) - (before[store] ?? 0)) / times)).padStart(14));
  console.log(` ${what.padEnd(44)}${each.join('')}`);
}

/**
 * Events with a payload of 200 bytes.
 * @param {Call} call
 * @param {string} workspace
 * @param {string} type
 */
async function emit(call, workspace, type) {
  for (let done = 0; done < TIMES; done += BATCH) {
    const events = Array.from({ length: BATCH }, (_, index) => ({ type, payload: { no: done + index, text: 'x'.repeat(177) } }));
    await call('POST', `/v1/workspaces/${workspace}/events`, { events });
  }
}

/**
 * A workspace with automations that run.
 * @param {Call} call
 * @param {string} name
 * @param {Record<string, string>} automations
 */
async function workspace(call, name, automations) {
  const { id } = await call('POST', '/v1/workspaces', { name });
  for (const [slug, source] of Object.entries(automations)) await call('PUT', `/v1/workspaces/${id}/automations/${slug}`, source);
  await call('POST', `/v1/workspaces/${id}/versions`, {});
  return id;
}

/**
 * Sockets of one person, each with a subscription.
 * @param {string} url
 * @param {string} id
 * @param {number} count
 */
async function connected(url, id, count) {
  const extraHeaders = { authorization: `Bearer ${await tokenOf(url)}` };
  const sockets = Array.from({ length: count }, () =>
    io(`${url}/v1/workspaces/${id}/events`, { transports: ['websocket'], forceNew: true, extraHeaders }),
  );
  await Promise.all(sockets.map((socket) => socket.emitWithAck('subscribe', { id: 'a', types: ['sizes.*'] })));
  await sleep(SETTLES);
  return sockets;
}

/** Memory at rest, and of each socket, in a process that has done nothing else. */
async function memory() {
  const standalone = await startStandalone();
  try {
    await sleep(SETTLES);
    console.log(` memory at rest: ${standalone.rss()} MB`);
    const id = await workspace(await signIn(standalone.url), 'Heard', {});
    const first = await connected(standalone.url, id, WARM);
    const before = standalone.rss();
    const sockets = await connected(standalone.url, id, SOCKETS);
    console.log(
      ` memory of each of ${SOCKETS} sockets with a subscription: ${(((standalone.rss() - before) * 1024) / SOCKETS).toFixed(1)} KB`,
    );
    for (const socket of [...first, ...sockets]) socket.disconnect();
  } finally {
    await standalone.stop();
  }
}

async function stores() {
  const standalone = await startStandalone();
  try {
    const call = await signIn(standalone.url);
    const ground = { standalone, call };
    console.log(` bytes for each of ${TIMES}${' '.repeat(24)}${STORES.map((store) => store.padStart(14)).join('')}`);
    const id = await workspace(call, 'Stored', AUTOMATION);
    await growth('event, payload of 200 bytes', TIMES, () => emit(call, id, 'sizes.plain'), ground);
    await growth('the same, starting a run that is recorded', TIMES, () => emit(call, id, 'sizes.short'), ground);
    await growth('the same, starting a run that waits', TIMES, () => emit(call, id, 'sizes.waiting'), ground);
    const many = Math.ceil(TIMES / 20);
    const make = async () => {
      for (let n = 0; n < many; n += 1) await workspace(call, `One ${n}`, { short: AUTOMATION.short });
    };
    await growth('workspace with one automation, published', many, make, ground);
  } finally {
    await standalone.stop();
  }
}

console.log(`bench storage   node ${process.versions.node}`);
await memory();
await stores();

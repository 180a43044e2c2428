import { KEYS } from './load.mjs';

/** What stands for a while where the checkpoint of a run was that has ended. */
const ENDED = 'ended';

/**
 * An event on the log, as far as the checks ask; a payload has what its type has.
 * @typedef {{ n?: number, key?: string, serial?: number, automation?: string, outcome?: string, error?: string, trigger?: { type: string, id: string } }} Payload
 * @typedef {{ id: string, type: string, key: string | undefined, recordedAt: number, payload: Payload }} Fact
 */

/**
 * What is left in the stores when all is done: runs, marks of runs that were parked, waits and timers by key, dead letters by what they say.
 * @typedef {{ runs: string[], marks: string[], waits: string[], timers: string[], dead: string[] }} Left
 */

/**
 * All there is to judge by.
 * @typedef {{
 *   sent: readonly import('../ledger.mjs').Sent[],
 *   log: readonly Fact[],
 *   history: ReadonlySet<string>,
 *   calls: readonly import('./sink.mjs').Call[],
 *   seen: ReadonlyMap<string, readonly number[]>,
 *   counters: Readonly<Record<string, number>>,
 *   left: Left,
 *   mostRepeated: number,
 *   stoodStill?: boolean,
 *   mayBeBegun?: boolean,
 * }} Evidence
 */

/**
 * What the contexts hold, asked through an endpoint of the workspace.
 * @param {import('../victims/victim.mjs').Victim} victim
 * @param {string} workspace
 */
export async function readContexts(victim, workspace) {
  /** @type {Map<string, number[]>} */
  const seen = new Map();
  /** @type {Record<string, number>} */
  let counters = {};
  for (let index = 0; index < KEYS; index++) {
    const client = await victim.client();
    const response = await client.fetch(`/v1/workspaces/${workspace}/webhooks/report?key=k${index}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`The report of k${index}: ${response.status} ${text}`);
    const report = /** @type {{ seen?: number[] | null, global?: Record<string, number> }} */ (JSON.parse(text));
    seen.set(`k${index}`, report.seen ?? []);
    counters = report.global ?? {};
  }
  return { seen, counters };
}

/** @typedef {{ log: readonly Fact[], left: Left }} Kept */

/**
 * What the stores of a Millrace hold that has been stopped.
 * @param {{ eventLog: import('@millrace/messaging').EventLog, keyValue: import('@millrace/messaging').KeyValue }} stores
 * @param {string} workspace
 * @returns {Promise<Kept>}
 */
export async function readStores({ eventLog, keyValue }, workspace) {
  /** @type {Fact[]} */
  const log = [];
  for await (const { id, type, key, recordedAt, payload } of eventLog.read('first', `${workspace}.>`, { live: false })) {
    log.push({ id, type, key, recordedAt, payload: JSON.parse(new TextDecoder().decode(payload)) });
  }
  const entries = async (/** @type {string} */ name) => (await keyValue.bucket(name)).list('');
  const keys = async (/** @type {string} */ name) => (await entries(name)).map(({ key }) => key);
  const isRun = (/** @type {import('@millrace/messaging').Entry} */ { value }) => new TextDecoder().decode(value) !== ENDED;
  const letters = await eventLog.dead('runtime').list(1_000);
  const ofRuns = await entries('runs');
  const isMark = (/** @type {string} */ key) => key.startsWith('parked/');
  const left = {
    runs: ofRuns.filter((entry) => isRun(entry) && !isMark(entry.key)).map(({ key }) => key),
    marks: ofRuns.map(({ key }) => key).filter(isMark),
    waits: await keys('waits'),
    timers: (await keys('timers')).filter((key) => key.includes('/run_')),
    dead: letters.map(({ event, reason, attempts }) => `${event.id} ${event.type}: ${reason} (${attempts} attempts)`),
  };
  return { log, left };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { EventsService } from '@millrace/contracts';
import { ASKED, ECHOED } from './load.mjs';

/** Small, so that there are many pages. */
const LIMIT = 40;
const PAUSE = 300;

/** @typedef {import('../victims/victim.mjs').Victim} Victim */

/**
 * What a search found, page by page, and how many it said there are.
 * @typedef {{ pages: readonly (readonly string[])[], count: number | undefined }} Found
 */

/**
 * Asks the history of a workspace to the end.
 * @param {Victim} victim
 * @param {string} workspace
 * @param {string} where
 * @returns {Promise<Found>}
 */
export async function searched(victim, workspace, where) {
  /** @type {string[][]} */
  const pages = [];
  let count;
  for (let cursor = ''; ;) {
    const page = await pageOf(victim, workspace, { where, cursor, count: true });
    count ??= page.count;
    pages.push(page.items.map(({ id }) => id));
    if (page.nextCursor === undefined) return { pages, count };
    cursor = page.nextCursor;
  }
}

/**
 * Resolves when the histories have all that was accepted and all that follows from it. False: not in so many milliseconds.
 * @param {Victim} victim
 * @param {readonly string[]} workspaces
 * @param {import('../ledger.mjs').Ledger} ledger
 * @param {number} patience
 */
export async function settled(victim, workspaces, ledger, patience) {
  const end = performance.now() + patience;
  const due = [...ledger.sent.values()].filter(({ status }) => status === 'ok').map(({ id }) => id);
  /** @type {Set<string>} */
  const told = new Set();
  while (performance.now() < end) {
    // From the beginning each time: what a history took late may stand before what it told already.
    for (const workspace of workspaces) await readAll(victim, workspace, told);
    const open = [...told].filter((each) => each.startsWith(ASKED) && !told.has(each.replace(ASKED, ECHOED)));
    if (open.length === 0 && due.every((id) => told.has(id))) return true;
    await sleep(PAUSE);
  }
  return false;
}

/**
 * @param {Victim} victim
 * @param {string} workspace
 * @param {Set<string>} told gets ids, and types with numbers
 */
async function readAll(victim, workspace, told) {
  for (let cursor = ''; ;) {
    const { items, nextCursor } = await pageOf(victim, workspace, { cursor, limit: 200 });
    for (const { id, type, payload } of items) told.add(id).add(`${type} ${payload.n}`);
    if (nextCursor === undefined) return;
    cursor = nextCursor;
  }
}

/**
 * @param {Victim} victim
 * @param {string} workspaceId
 * @param {import('@millrace/kernel').JsonMap} question
 */
async function pageOf(victim, workspaceId, question) {
  const client = await victim.client();
  const asked = { workspaceId, types: ['chaos.>'], sort: 'oldest', limit: LIMIT, ...question };
  const answer = await client.call(EventsService.method.searchEvents, asked);
  const page = /** @type {Page} */ (/** @type {unknown} */ (answer));
  return { ...page, items: page.items ?? [] };
}

/** @typedef {{ items?: { id: string, type: string, payload: { n: number } }[], nextCursor?: string, count?: number }} Page */

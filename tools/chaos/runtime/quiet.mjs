import { setTimeout as sleep } from 'node:timers/promises';
import { EventsService } from '@millrace/contracts';
import { LISTENERS } from './automations.mjs';

const PAGE = 200;
const PAUSE = 300;
/** Milliseconds in which nothing may happen any more. */
const STILL = 3_000;

/** @typedef {{ id: string, type: string, payload: { trigger?: { id: string }, automation?: string } }} Item */

/** Reads the history as it grows, and knows which runs are still to be finished. */
export class Quiet {
  cursor = '';
  /** Ids of all the history has told. @type {Set<string>} */
  seen = new Set();
  /** Runs that have to end, as `<automation> <event>`. @type {Set<string>} */
  open = new Set();
  /** Runs that have ended. @type {Set<string>} */
  closed = new Set();

  /**
   * @param {import('../victims/victim.mjs').Victim} victim
   * @param {string} workspace
   */
  constructor(victim, workspace) {
    this.victim = victim;
    this.workspace = workspace;
  }

  /**
   * Resolves when every run there must be has ended and nothing more happens. False: not in time.
   * @param {number} deadline milliseconds from now
   */
  async reached(deadline) {
    const end = performance.now() + deadline;
    for (let since = performance.now(); performance.now() < end; await sleep(PAUSE)) {
      if ((await this.follow()) > 0) since = performance.now();
      else if (performance.now() - since > STILL) {
        // What the history took late may stand before what it told already.
        this.cursor = '';
        if ((await this.follow()) === 0 && this.open.size === 0) return true;
        since = performance.now();
      }
    }
    return false;
  }

  /** Reads what is new; answers how much. */
  async follow() {
    const before = this.seen.size;
    for (;;) {
      const client = await this.victim.client();
      const { items = [], nextCursor } = /** @type {{ items?: Item[], nextCursor?: string }} */ (
        await client.call(EventsService.method.searchEvents, {
          workspaceId: this.workspace,
          types: ['chaos.>', 'runtime.runs.finished'],
          sort: 'oldest',
          limit: PAGE,
          ...(this.cursor === '' ? {} : { cursor: this.cursor }),
        })
      );
      for (const item of items) this.take(item);
      if (nextCursor === undefined) return this.seen.size - before;
      this.cursor = nextCursor;
    }
  }

  /** @param {Item} item */
  take({ id, type, payload: { trigger, automation } }) {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    const listener = LISTENERS.get(type);
    if (listener !== undefined) this.waitsFor(`${listener} ${id}`);
    else if (type === 'runtime.runs.finished') this.finished(`${automation} ${trigger?.id}`);
  }

  /** @param {string} run */
  waitsFor(run) {
    if (!this.closed.has(run)) this.open.add(run);
  }

  /** @param {string} run */
  finished(run) {
    this.closed.add(run);
    this.open.delete(run);
  }
}

import { appendFileSync } from 'node:fs';

/**
 * An event as it was sent. `ok`: it was accepted; `failed`: it was refused or never arrived; `unknown`: nobody said.
 * @typedef {'ok' | 'failed' | 'unknown'} Status
 * @typedef {{ id: string, type: string, n: number, key: string, workspace: string, batch: number, status: Status }} Sent
 * @typedef {{ id: string, type: string, key?: string, payload: { n: number, [name: string]: unknown } }} Input
 */

/** What was sent and what came of it, in memory and line by line in a file: a line before sending and one after the answer. */
export class Ledger {
  /** By id. @type {Map<string, Sent>} */
  sent = new Map();

  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /**
   * @param {number} batch
   * @param {readonly Input[]} events
   * @param {string} [workspace] where there are several
   */
  sends(batch, events, workspace = '') {
    for (const { id, type, key = '', payload } of events) {
      if (!this.sent.has(id)) this.sent.set(id, { id, type, n: payload.n, key, workspace, batch, status: 'failed' });
    }
    this.write({ batch, sends: events.map(({ id }) => id) });
  }

  /**
   * A batch was sent again after `unknown`: what was accepted stays so, what may have been accepted is not refused by a later no.
   * @param {number} batch
   * @param {readonly Input[]} events
   * @param {Status} status
   */
  answered(batch, events, status) {
    for (const { id } of events) {
      const sent = this.sent.get(id);
      if (sent !== undefined) sent.status = stronger(sent.status, status);
    }
    this.write({ batch, status });
  }

  /** @param {object} line */
  write(line) {
    appendFileSync(this.file, JSON.stringify({ at: Date.now(), ...line }) + '\n');
  }

  /** @param {Status} status */
  count(status) {
    return [...this.sent.values()].filter((sent) => sent.status === status).length;
  }
}

/**
 * @param {Status} before
 * @param {Status} now
 */
function stronger(before, now) {
  const order = /** @type {const} */ (['failed', 'unknown', 'ok']);
  return order[Math.max(order.indexOf(before), order.indexOf(now))] ?? now;
}

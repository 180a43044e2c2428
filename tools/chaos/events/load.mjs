import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../post.mjs';

/** Those who send to one workspace, each with keys of its own: what it sends of a key is in order. */
export const PRODUCERS = 4;
const KEYS = 5;
const LARGEST_BATCH = 12;
const AGAIN_AFTER = 150;
/** Type of the events that an automation answers, and of those that nobody does. */
export const ASKED = 'chaos.asked';
export const TOLD = 'chaos.told';
/** Type of the answers. */
export const ECHOED = 'chaos.echoed';
/** Type of the last event of a workspace: behind it there is nothing more to come. */
export const ENDED = 'chaos.ended';

/** @typedef {import('../ledger.mjs').Input} Input */
/** @typedef {{ victim: import('../victims/victim.mjs').Victim, ledger: import('../ledger.mjs').Ledger, seed: number, rate: number, chance: import('../chance.mjs').Chance }} Parts */

/** Sends events to several workspaces as clients do: each sends a batch when the one before has its answer, or is given up. */
export class Load {
  n = 0;
  batches = 0;
  stopped = false;

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /**
   * Sends until it is stopped; resolves when every batch has its answer.
   * @param {readonly string[]} workspaces
   */
  async run(workspaces) {
    const share = workspaces.length * PRODUCERS;
    const producers = workspaces.flatMap((workspace) =>
      Array.from({ length: PRODUCERS }, (_, lane) => this.produce(workspace, lane, this.parts.rate / share)),
    );
    await Promise.all(producers);
  }

  stop() {
    this.stopped = true;
  }

  /**
   * Says that nothing more comes, until it is heard.
   * @param {string} workspace
   */
  async end(workspace) {
    const n = this.n++;
    const event = { id: `e-${this.parts.seed}-${n}`, type: ENDED, key: 'end', payload: { n, lane: 0 } };
    await this.deliver(workspace, [event], true);
  }

  /**
   * @param {string} workspace
   * @param {number} lane
   * @param {number} rate events a second
   */
  async produce(workspace, lane, rate) {
    const { chance } = this.parts;
    let due = performance.now() + chance.below(1_000);
    while (!this.stopped) {
      await sleep(Math.max(0, due - performance.now()));
      const events = Array.from({ length: 1 + chance.below(LARGEST_BATCH) }, () => this.event(lane));
      await this.deliver(workspace, events, chance.next() < 0.5);
      due = Math.max(due + (events.length * 1000) / rate, performance.now());
    }
  }

  /**
   * @param {number} lane
   * @returns {Input}
   */
  event(lane) {
    const { chance, seed } = this.parts;
    const n = this.n++;
    const key = `k${lane}-${chance.below(KEYS)}`;
    return {
      id: `e-${seed}-${n}`,
      type: chance.next() < 0.2 ? ASKED : TOLD,
      key,
      payload: { n, key, lane, text: 'x'.repeat(chance.below(600)) },
    };
  }

  /**
   * @param {string} workspace
   * @param {Input[]} events
   * @param {boolean} insists whether it is sent again when nobody says what became of it
   */
  async deliver(workspace, events, insists) {
    const { ledger } = this.parts;
    const batch = this.batches++;
    for (;;) {
      ledger.sends(batch, events, workspace);
      const status = await post(this.parts, workspace, events);
      ledger.answered(batch, events, status);
      if (status === 'ok') return;
      await sleep(AGAIN_AFTER);
      if (!insists) return;
    }
  }
}

/** The automations of each workspace: slug → source. */
export const AUTOMATIONS = {
  echo: `
when: { events: [${ASKED}] }
do:
  - emit: { event: ${ECHOED}, payload: { n: '{{payload.n}}', key: '{{payload.key}}', lane: '{{payload.lane}}' } }`,
};

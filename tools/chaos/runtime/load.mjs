import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../post.mjs';
import { ANSWER, KINDS } from './automations.mjs';

const TICK = 100;
/** Batches on their way at once; while there are so many, none is made. */
const MOST_ON_THE_WAY = 32;
export const KEYS = 24;
const SLOWEST_ANSWER = 2_000;
const AGAIN_AFTER = 250;

/** @typedef {import('../ledger.mjs').Input} Input */

/** Sends events as clients do, each of them written down: some send again what nobody answered, some let it be. */
export class Load {
  n = 0;
  batches = 0;
  /** Answers still to be sent, and when. @type {{ n: number, at: number }[]} */
  owed = [];
  /** @type {Set<Promise<void>>} */
  onTheWay = new Set();
  stopped = false;
  /** Events a tick still owes because they come in fractions. */
  due = 0;
  /** What was refused for good: nothing here should be. @type {Error | undefined} */
  refusal = undefined;

  /**
   * @param {{ victim: import('../victims/victim.mjs').Victim, workspace: string, ledger: import('../ledger.mjs').Ledger, rate: number, seed: number, chance: import('../chance.mjs').Chance }} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  /** Sends until it is stopped; resolves when the last batch is through and every question has its answer. */
  async run() {
    while (!this.stopped && this.refusal === undefined) {
      if (this.onTheWay.size < MOST_ON_THE_WAY) this.send(this.batch());
      await sleep(TICK);
    }
    await this.landed();
    this.owed = this.unanswered().map((n) => ({ n, at: 0 }));
    while (this.owed.length > 0) this.send(this.dueAnswers());
    await this.landed();
  }

  stop() {
    this.stopped = true;
  }

  async landed() {
    while (this.onTheWay.size > 0) await Promise.all(this.onTheWay);
    if (this.refusal !== undefined) throw this.refusal;
  }

  /** Questions that may be on the log and were not answered yet. */
  unanswered() {
    const { sent } = this.parts.ledger;
    return [...sent.values()].filter(({ type, n }) => type === 'chaos.asked' && !sent.has(this.idOf('a', n))).map(({ n }) => n);
  }

  /** @returns {Input[]} */
  batch() {
    this.due += (this.parts.rate * TICK) / 1000;
    const count = Math.floor(this.due);
    this.due -= count;
    return [...Array.from({ length: count }, () => this.event()), ...this.dueAnswers()];
  }

  /** @returns {Input} */
  event() {
    const { chance } = this.parts;
    const n = this.n++;
    const key = `k${chance.below(KEYS)}`;
    return { id: this.idOf('e', n), type: anyKind(chance), key, payload: { n, key, for: `${1_000 + chance.below(2_000)}ms` } };
  }

  /** @returns {Input[]} */
  dueAnswers() {
    const now = performance.now();
    const due = this.owed.filter(({ at }) => at <= now).slice(0, 400);
    this.owed = this.owed.filter((one) => !due.includes(one));
    return due.map(({ n }) => ({ id: this.idOf('a', n), type: ANSWER, payload: { n } }));
  }

  /**
   * @param {'e' | 'a'} letter
   * @param {number} n
   */
  idOf(letter, n) {
    return `${letter}-${this.parts.seed}-${n}`;
  }

  /** @param {Input[]} events */
  send(events) {
    if (events.length === 0) return;
    const going = this.deliver(this.batches++, events)
      .catch((/** @type {unknown} */ error) => void (this.refusal = new Error('The load broke off.', { cause: error })))
      .finally(() => this.onTheWay.delete(going));
    this.onTheWay.add(going);
  }

  /**
   * @param {number} batch
   * @param {Input[]} events
   */
  async deliver(batch, events) {
    const { ledger, chance } = this.parts;
    const insists = events.some(({ type }) => type === ANSWER) || chance.next() < 0.5;
    for (;;) {
      ledger.sends(batch, events);
      const status = await post(this.parts, this.parts.workspace, events);
      ledger.answered(batch, events, status);
      if (status === 'ok') return this.owe(events);
      if (!insists) return;
      await sleep(AGAIN_AFTER);
    }
  }

  /** @param {Input[]} events */
  owe(events) {
    const { chance } = this.parts;
    const now = performance.now();
    for (const { type, payload } of events) {
      if (type === 'chaos.asked') this.owed.push({ n: payload.n, at: now + chance.below(SLOWEST_ANSWER) });
    }
  }
}

/** @param {import('../chance.mjs').Chance} chance */
function anyKind(chance) {
  let left = chance.below(KINDS.reduce((sum, { share }) => sum + share, 0));
  return KINDS.find(({ share }) => (left -= share) < 0)?.type ?? '';
}

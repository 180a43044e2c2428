import { ENDED, Load, TOLD } from '../events/load.mjs';
import { watchBySocket } from '../events/watching/by-socket.mjs';
import { Watch } from '../events/watching/watch.mjs';

const PATIENCE = 120_000;
/** Type of the long events, which only some follow. */
const LONG = 'chaos.told-at-length';
/** Characters of a long event, so that what is not read is soon more than a queue holds. */
const LENGTH = 30_000;

/** Tells of everything when it was told, and of some of it at length. */
export class LongStory extends Load {
  /**
   * @override
   * @param {number} lane
   */
  event(lane) {
    const { payload, ...event } = super.event(lane);
    const told = { ...payload, at: Date.now() };
    if (this.parts.chance.next() < 0.5) return { ...event, type: TOLD, payload: told };
    return { ...event, type: LONG, payload: { ...told, text: 'x'.repeat(LENGTH) } };
  }
}

/** @type {import('../events/watching/watch.mjs').Wish} */
const ALL = { name: 'all', types: ['chaos.>'], fits: () => true };
/** @type {import('../events/watching/watch.mjs').Wish} */
const BRIEF = { name: 'what is brief', types: [TOLD, ENDED], fits: ({ type }) => type !== LONG };

/** Some who follow a workspace, and how long what they were shown had been on its way. */
export class Readers {
  /** @type {Watch[]} */
  watches = [];
  /** Milliseconds. @type {number[]} */
  #delays = [];
  /** @type {(() => void)[]} */
  #stops = [];

  /**
   * Resolves when all are let in.
   * @param {Pick<import('../victims/victim.mjs').Victim, 'url' | 'token'>} way
   * @param {string} workspace
   * @param {number} size
   * @param {boolean} isPatient whether they follow what is told at length, too
   */
  async enter(way, workspace, size, isPatient) {
    for (let index = 0; index < size; index++) {
      const watch = new Watch(`socket ${index} at ${way.url}`, workspace, isPatient ? ALL : BRIEF);
      this.watches.push(watch);
      this.#stops.push(watchBySocket(way, watch, { onEvent: ({ event }) => this.#took(event.payload.at) }));
    }
    await this.until(({ begun }) => begun !== undefined);
  }

  /** The delays since this was asked last: what all but one of a hundred stay below. */
  slowest() {
    const delays = this.#delays.splice(0).sort((a, b) => a - b);
    return delays[Math.floor(delays.length * 0.99)] ?? 0;
  }

  /** Resolves when each has seen the last event. */
  ended() {
    return this.until(({ seen }) => seen.at(-1)?.type === ENDED);
  }

  /**
   * Resolves when it holds of each.
   * @param {(watch: Watch) => boolean} holds
   */
  async until(holds) {
    const held = await Promise.all(this.watches.map((watch) => watch.until(holds, PATIENCE)));
    const late = this.watches.filter((_, index) => held[index] === false);
    if (late.length > 0) throw new Error(`Not in ${PATIENCE / 1000} s: ${late.map(({ name }) => name).join(', ')}`);
  }

  leave() {
    for (const stop of this.#stops) stop();
  }

  /** @param {number | undefined} at */
  #took(at) {
    if (at !== undefined) this.#delays.push(Date.now() - at);
  }
}

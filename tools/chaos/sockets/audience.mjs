import { ENDED, Load, TOLD } from '../events/load.mjs';
import { watchBySocket } from '../events/watching/by-socket.mjs';
import { Watch } from '../events/watching/watch.mjs';

/** So many different things are told; each of the audience wants one of them. */
const LANES = 100;
/** Milliseconds that a server may take for one of very many who come at once. */
const PATIENCE = 300_000;
/** Who come at once at the beginning. */
const AT_ONCE = 100;

/** Tells one of many things, each of which some want to hear. */
export class ManyThings extends Load {
  /**
   * @override
   * @param {number} lane
   */
  event(lane) {
    const { payload, ...event } = super.event(lane);
    return { ...event, type: TOLD, payload: { ...payload, lane: this.parts.chance.below(LANES) } };
  }
}

/** Very many who follow a workspace by sockets, through a passage. */
export class Audience {
  /** @type {(() => void)[]} */
  stops = [];
  /** @type {Watch[]} */
  watches = [];

  /**
   * Resolves when all are let in.
   * @param {Pick<import('../victims/victim.mjs').Victim, 'url' | 'token'>} way
   * @param {string} workspace
   * @param {number} size
   */
  async enter(way, workspace, size) {
    while (this.watches.length < size) {
      const some = Array.from({ length: Math.min(AT_ONCE, size - this.watches.length) }, (_, index) =>
        this.#one(way, workspace, this.watches.length + index),
      );
      await Promise.all(some.map((watch) => hold(watch, ({ begun }) => begun !== undefined)));
    }
  }

  /** How often all of them together went on where they had been. */
  get resumes() {
    return this.watches.reduce((sum, { resumes }) => sum + resumes, 0);
  }

  /**
   * Resolves when each has come back so often.
   * @param {number} times
   */
  async back(times) {
    await Promise.all(this.watches.map((watch) => hold(watch, ({ resumes }) => resumes >= times)));
  }

  /** Resolves when each has seen the last event. */
  async ended() {
    await Promise.all(this.watches.map((watch) => hold(watch, ({ seen }) => seen.at(-1)?.type === ENDED)));
  }

  leave() {
    for (const stop of this.stops) stop();
  }

  /**
   * @param {Pick<import('../victims/victim.mjs').Victim, 'url' | 'token'>} way
   * @param {string} workspace
   * @param {number} index
   */
  #one(way, workspace, index) {
    const wanted = index % LANES;
    const watch = new Watch(`socket ${index}`, workspace, {
      name: `lane ${wanted}`,
      types: ['chaos.>'],
      where: `payload.lane = ${wanted} or type = '${ENDED}'`,
      fits: ({ type, lane }) => type === ENDED || lane === wanted,
    });
    this.watches.push(watch);
    this.stops.push(watchBySocket(way, watch, { patience: PATIENCE }));
    return watch;
  }
}

/**
 * @param {Watch} watch
 * @param {(watch: Watch) => boolean} holds
 */
async function hold(watch, holds) {
  if (!(await watch.until(holds, PATIENCE))) throw new Error(`Not in ${PATIENCE / 1000} s: ${watch.name}, resumed ${watch.resumes} times`);
}

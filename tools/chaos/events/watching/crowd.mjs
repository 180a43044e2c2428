import { ASKED, ECHOED, ENDED } from '../load.mjs';
import { watchByPoll } from './by-poll.mjs';
import { watchBySocket } from './by-socket.mjs';
import { watchByStream } from './by-stream.mjs';
import { Watch } from './watch.mjs';

const WAYS = { socket: watchBySocket, stream: watchByStream, poll: watchByPoll };
/** Milliseconds until everybody is let in. */
const PATIENCE = 60_000;

/** @type {readonly import('./watch.mjs').Wish[]} */
const WISHES = [
  { name: 'all', types: ['chaos.>'], fits: () => true },
  { name: 'questions', types: [ASKED, ECHOED, ENDED], fits: ({ type }) => type !== 'chaos.told' },
  { name: 'lane 0', types: ['chaos.*'], where: 'payload.lane = 0', fits: ({ lane }) => lane === 0 },
];

/** Everybody who watches: in every workspace, in every way, with every wish. */
export class Crowd {
  /** @type {(() => void)[]} */
  stops = [];
  /** @type {Watch[]} */
  watches = [];

  /**
   * Resolves when all are let in.
   * @param {import('../../victims/victim.mjs').Victim} victim
   * @param {readonly string[]} workspaces
   */
  async enter(victim, workspaces) {
    for (const workspace of workspaces) {
      for (const wish of WISHES) {
        for (const [way, watchBy] of Object.entries(WAYS)) {
          const watch = new Watch(way, workspace, wish);
          this.watches.push(watch);
          this.stops.push(watchBy(victim, watch));
        }
      }
    }
    const late = await this.without(({ begun }) => begun !== undefined, PATIENCE);
    if (late.length > 0) throw new Error(`Not let in: ${late.join('; ')}`);
  }

  /**
   * Who has not seen the last event in so many milliseconds.
   * @param {number} patience
   */
  withoutEnd(patience) {
    return this.without(({ seen }) => seen.at(-1)?.type === ENDED, patience);
  }

  leave() {
    for (const stop of this.stops) stop();
  }

  /**
   * @param {(watch: Watch) => boolean} holds
   * @param {number} patience
   */
  async without(holds, patience) {
    const held = await Promise.all(this.watches.map((watch) => watch.until(holds, patience)));
    return this.watches.filter((_, index) => held[index] === false).map(({ name }) => name);
  }
}

/**
 * What is promised of a load: `rate` events a second to `consumers`, each of whom takes one in `share`, within `must` milliseconds for 99 of
 * 100 deliveries; `aim`: what is hoped for.
 * @typedef {object} Profile
 * @property {string} id
 * @property {string} title
 * @property {number} rate
 * @property {number} consumers
 * @property {number} share
 * @property {'events' | 'automation'} emit who says them: a client one by one, or an automation, twenty a call
 * @property {'socket' | 'poll'} take
 * @property {'fast' | 'safe'} durability
 * @property {number} must
 * @property {number} aim
 */

/** @type {readonly Profile[]} */
export const PROFILES = [
  profile('a', '100/s to 50', { rate: 100, consumers: 50, must: 25, aim: 12 }),
  profile('b', '500/s to 20', { rate: 500, consumers: 20, must: 40, aim: 20 }),
  profile('c', '1,000/s to 100, a tenth each', { rate: 1_000, consumers: 100, share: 10, must: 50, aim: 25 }),
  profile('d', '2,000/s of an automation to 5', { rate: 2_000, consumers: 5, emit: 'automation', must: 50, aim: 25 }),
  profile('e', '200/s to 50, each on the disk', { rate: 200, consumers: 50, durability: 'safe', must: 60, aim: 30 }),
  profile('f', '500/s to 20 who poll', { rate: 500, consumers: 20, take: 'poll', must: 150, aim: 80 }),
];

/** Of each event, in bytes. */
export const WEIGHT = 1_024;
/** Events that the automation of profile d says in a call. */
export const BURST = 20;

/**
 * @param {string} id
 * @param {string} title
 * @param {Pick<Profile, 'rate' | 'consumers' | 'must' | 'aim'> & Partial<Profile>} said
 * @returns {Profile}
 */
function profile(id, title, said) {
  return { id, title, share: 1, emit: 'events', take: 'socket', durability: 'fast', ...said };
}

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Callers that together make so many calls a second, each waiting for its answer: what a call takes, in milliseconds, when nothing queues.
 * @typedef {{ callers: number, rate: number, seconds: number }} Pace
 * @typedef {{ count: number, p50: number, p99: number }} Latency
 */

/**
 * @param {Pace} pace
 * @param {() => Promise<void>} call throws when the answer is wrong
 * @returns {Promise<Latency>}
 */
export async function paced({ callers, rate, seconds }, call) {
  /** @type {number[]} */
  const latencies = [];
  const begun = performance.now();
  const between = (1000 * callers) / rate;
  const caller = async (/** @type {number} */ nth) => {
    for (let due = begun + (nth * between) / callers; due < begun + seconds * 1000; due += between) {
      await sleep(Math.max(0, due - performance.now()));
      const sent = performance.now();
      await call();
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, nth) => caller(nth)));
  return summary(latencies);
}

/**
 * @param {readonly number[]} latencies
 * @returns {Latency}
 */
export function summary(latencies) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99) };
}

import { Pool } from 'undici';

/** What one generator found. Latencies in milliseconds. */
export class Tally {
  /** @type {number[]} */
  latencies = [];
  wrong = 0;

  /**
   * @param {import('./run-load.mjs').Wish} wish
   * @param {number} connections
   */
  constructor(wish, connections) {
    this.wish = wish;
    const { origin, pathname, search } = new URL(wish.url);
    this.path = pathname + search;
    this.pool = new Pool(origin, { connections, pipelining: 1 });
  }

  /**
   * Sends one request and checks its answer.
   * @param {number} due the moment its latency counts from
   */
  async send(due) {
    const { method, headers, body, status, includes } = this.wish;
    const answer = await this.pool.request({ path: this.path, method, headers, body });
    const text = await answer.body.text();
    this.latencies.push(performance.now() - due);
    if (answer.statusCode !== status || !text.includes(includes)) this.wrong += 1;
  }

  /** Counts from here on; a wrong answer stays one. */
  forget() {
    this.latencies = [];
  }

  /**
   * Prints what was found as one line of JSON.
   * @param {number} seconds that it took
   */
  async report(seconds) {
    await this.pool.close();
    const sorted = this.latencies.toSorted((a, b) => a - b);
    const at = (/** @type {number} */ share) =>
      Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
    const perSecond = Math.round(sorted.length / seconds);
    console.log(JSON.stringify({ count: sorted.length, perSecond, p50: at(0.5), p99: at(0.99), wrong: this.wrong }));
  }
}

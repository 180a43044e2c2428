import { setTimeout as sleep } from 'node:timers/promises';
import { signedIn, startStandaloneProcess } from '@millrace/testing';

const PASSWORD = 'chaos-only-password';
/** Milliseconds after which somebody signs in anew: tokens last some minutes. */
const SIGNED_IN = 60_000;

/** A Millrace that is killed and comes back on its folder and ports. */
export class Victim {
  /** When it was killed and when it was ready again: milliseconds since its first start. @type {{ at: number, back: number }[]} */
  faults = [];
  /** Events it may have in hand at once. */
  inFlight = 64;

  /** @param {string} folder */
  static async start(folder) {
    const options = {
      folder,
      password: PASSWORD,
      environment: { MILLRACE_FETCH_ALLOW: '127.0.0.1', MILLRACE_DURABILITY: 'safe', MILLRACE_LOG_LEVEL: 'warn' },
    };
    const victim = new Victim(options, await startStandaloneProcess(options));
    await victim.client();
    return victim;
  }

  /**
   * @param {import('@millrace/testing').StandaloneOptions} options
   * @param {import('@millrace/testing').StandaloneProcess} process
   */
  constructor(options, process) {
    this.options = options;
    this.process = process;
    this.begun = performance.now();
    /** @type {{ client: Promise<import('@millrace/client').MillraceClient>, at: number } | undefined} */
    this.session = undefined;
    this.outputs = '';
  }

  /** A signed-in client, also of one that is just away. */
  client() {
    if (this.session === undefined || performance.now() - this.session.at > SIGNED_IN) {
      const client = signedIn(this.process.url, 'ada', PASSWORD);
      this.session = { client, at: performance.now() };
      client.catch(() => (this.session = undefined));
    }
    return this.session.client;
  }

  /** Milliseconds since its first start. */
  now() {
    return Math.round(performance.now() - this.begun);
  }

  /**
   * Kills it at random moments of a time, a moment after it is ready at the earliest.
   * @param {{ kills: number, seconds: number }} plan
   * @param {import('../chance.mjs').Chance} chance
   */
  async killAtRandom({ kills, seconds }, chance) {
    const begun = performance.now();
    const moments = Array.from({ length: kills }, () => chance.next() * seconds * 1000).sort((a, b) => a - b);
    for (const moment of moments) {
      await sleep(Math.max(moment - (performance.now() - begun), chance.below(1_000)));
      await this.kill();
    }
    await sleep(Math.max(0, seconds * 1000 - (performance.now() - begun)));
  }

  async kill() {
    const at = this.now();
    await this.process.kill();
    this.outputs += this.process.output();
    this.process = await startStandaloneProcess({ ...this.options, ports: this.process.ports });
    this.faults.push({ at, back: this.now() });
  }

  /** Asks it to end; resolves with its exit code. */
  async stop() {
    const code = await this.process.stop();
    this.outputs += this.process.output();
    return code;
  }
}

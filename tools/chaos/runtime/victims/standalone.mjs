import { join } from 'node:path';
import { SqliteEventLog, SqliteKeyValue } from '@millrace/messaging';
import { signedIn, startStandaloneProcess } from '@millrace/testing';
import { readStores } from '../evidence.mjs';
import { atRandom } from './moments.mjs';

const PASSWORD = 'chaos-only-password';
/** @import { Victim } from './victim.mjs' */

/** Milliseconds after which somebody signs in anew: tokens last some minutes. */
const SIGNED_IN = 60_000;

/**
 * A Millrace in one process that is killed and comes back on its folder and ports.
 * @implements {Victim}
 */
export class StandaloneVictim {
  /** @type {import('./victim.mjs').Fault[]} */
  faults = [];
  inFlight = 64;
  /** One process: what it refused it did not take. */
  refusesForSure = true;

  /** @param {string} folder */
  static async start(folder) {
    const options = {
      folder,
      password: PASSWORD,
      environment: { MILLRACE_FETCH_ALLOW: '127.0.0.1', MILLRACE_DURABILITY: 'safe', MILLRACE_LOG_LEVEL: 'warn' },
    };
    const victim = new StandaloneVictim(options, await startStandaloneProcess(options));
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
   * @param {import('../../chaos.mjs').Plan} plan
   * @param {import('../../chance.mjs').Chance} chance
   */
  async hurt(plan, chance) {
    await atRandom(plan, chance, () => this.kill());
  }

  async kill() {
    const at = this.now();
    await this.process.kill();
    this.outputs += this.process.output();
    this.process = await startStandaloneProcess({ ...this.options, ports: this.process.ports });
    this.faults.push({ what: 'killed', at, back: this.now() });
  }

  /** Asks it to end; resolves with its exit code. */
  async stop() {
    const code = await this.process.stop();
    this.outputs += this.process.output();
    return code;
  }

  /**
   * What its stores hold, once it has been stopped.
   * @param {string} workspace
   */
  async stores(workspace) {
    const clock = { now: () => Date.now() };
    const { folder } = this.options;
    const eventLog = new SqliteEventLog({ file: join(folder, 'log.db'), clock });
    const keyValue = new SqliteKeyValue({ file: join(folder, 'key-value.db'), clock });
    const found = await readStores({ eventLog, keyValue }, workspace);
    await eventLog.close();
    await keyValue.close();
    return found;
  }

  async end() {
    await this.process.kill();
  }
}

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteEventLog, SqliteKeyValue } from '@millrace/messaging';
import { startStandaloneProcess } from '@millrace/testing';
import { atRandom } from './moments.mjs';
import { Session } from './session.mjs';

const PASSWORD = 'chaos-only-password';
const SECOND = 1_000;
/** @import { Victim } from './victim.mjs' */

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
  /** @type {import('./small-disk.mjs').SmallDisk | undefined} */
  disk = undefined;

  /**
   * @param {string} folder
   * @param {{ main?: string, environment?: Readonly<Record<string, string>>, disk?: import('./small-disk.mjs').SmallDisk }} [other] another program than the one that was
   *   built; more settings; the disk on which the folder is, to be filled
   */
  static async start(folder, { environment = {}, disk, ...other } = {}) {
    const options = {
      ...other,
      folder,
      password: PASSWORD,
      environment: { MILLRACE_FETCH_ALLOW: '127.0.0.1', MILLRACE_DURABILITY: 'safe', MILLRACE_LOG_LEVEL: 'warn', ...environment },
    };
    const victim = new StandaloneVictim(options, await startStandaloneProcess(options));
    victim.disk = disk;
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
    this.url = process.url;
    this.session = new Session({ url: this.url, issuer: `${this.url}/realms/millrace`, password: PASSWORD });
    this.outputs = '';
  }

  token() {
    return this.session.token();
  }

  client() {
    return this.session.client();
  }

  /**
   * The sum of what a metric says, over the samples whose labels hold this text.
   * @param {string} name
   * @param {string} [label]
   */
  async metric(name, label = '') {
    const text = await (await fetch(`${this.process.adminUrl}/metrics`)).text();
    const samples = text.split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line) && line.includes(label));
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** Milliseconds since its first start. */
  now() {
    return Math.round(performance.now() - this.begun);
  }

  /**
   * @param {import('../chaos.mjs').Plan} plan
   * @param {import('../chance.mjs').Chance} chance
   */
  async hurt(plan, chance) {
    await atRandom(plan, chance, () => {
      const harm = plan.harms[chance.below(plan.harms.length)];
      return harm === 'disk' ? this.starve(plan.pause * SECOND) : this.kill();
    });
  }

  /**
   * Its disk is full for so many milliseconds.
   * @param {number} pause
   */
  async starve(pause) {
    const at = this.now();
    for (const end = at + pause; this.now() < end; await sleep(SECOND)) this.disk?.fill();
    this.disk?.free();
    this.faults.push({ what: 'disk', at, back: this.now() });
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
   * @template T
   * @param {(stores: import('./victim.mjs').Stores) => Promise<T>} read
   */
  async stores(read) {
    const clock = { now: () => Date.now() };
    const { folder } = this.options;
    const eventLog = new SqliteEventLog({ file: join(folder, 'log.db'), clock });
    const keyValue = new SqliteKeyValue({ file: join(folder, 'key-value.db'), clock });
    const found = await read({ eventLog, keyValue });
    await eventLog.close();
    await keyValue.close();
    return found;
  }

  async end() {
    await this.process.kill();
    this.disk?.end();
  }
}

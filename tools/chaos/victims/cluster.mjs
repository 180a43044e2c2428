import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamEventLog, NatsKeyValue } from '@millrace/messaging';
import { ClusterProcess, ServerDoor } from '@millrace/testing';
import { serversNamed } from '../../stack/server.mjs';
import { up } from '../../stack/up.mjs';
import { Halt } from '../../launch/halt.mjs';
import { atRandom } from './moments.mjs';
import { Session } from './session.mjs';

/** @import { Victim } from './victim.mjs' */

/**
 * A Millrace of many processes, of which one is hurt at a time.
 * @implements {Victim}
 */
export class ClusterVictim {
  /** @type {import('./victim.mjs').Fault[]} */
  faults = [];
  inFlight = 256;
  /** Whoever was to answer may be gone after it sent the events on. */
  refusesForSure = false;
  outputs = '';
  begun = performance.now();

  /** Starts the servers of the stack that are missing, and a cluster on them. */
  static async start() {
    const { running, failures } = await up(await serversNamed(['elasticsearch', 'keycloak', 'mongodb', 's3']), {
      folder: '.stack',
      tell: (text) => console.error(text),
    });
    if (failures.length > 0) throw new Halt(failures.map(({ name, reason }) => `${name} does not run.\n${reason}`).join('\n\n'));
    for (const { settings } of Object.values(running)) Object.assign(process.env, settings);
    const history = await ServerDoor.to('MILLRACE_ELASTICSEARCH_URL');
    return new ClusterVictim(
      await ClusterProcess.start({ environment: { MILLRACE_FETCH_ALLOW: '127.0.0.1', MILLRACE_ELASTICSEARCH_URL: history.url } }),
      history,
    );
  }

  /**
   * @param {ClusterProcess} cluster
   * @param {ServerDoor} history
   */
  constructor(cluster, history) {
    this.cluster = cluster;
    this.history = history;
    const { MILLRACE_URL: url = '', MILLRACE_ISSUER_URL: issuer = '', MILLRACE_FIRST_PASSWORD: password = '' } = cluster.settings;
    this.url = url;
    this.session = new Session({ url, issuer, password });
  }

  token() {
    return this.session.token();
  }

  client() {
    return this.session.client();
  }

  /**
   * @param {import('../chaos.mjs').Plan} plan
   * @param {import('../chance.mjs').Chance} chance
   */
  async hurt(plan, chance) {
    await atRandom(plan, chance, async () => {
      const what = plan.harms[chance.below(plan.harms.length)] ?? 'runtime';
      const at = this.now();
      await this.harm(what, plan.pause * 1000, chance);
      this.faults.push({ what, at, back: this.now() });
    });
  }

  /**
   * @param {string} what
   * @param {number} pause milliseconds
   * @param {import('../chance.mjs').Chance} chance
   */
  async harm(what, pause, chance) {
    const { cluster } = this;
    if (what === 'nats') {
      await cluster.nats.kill();
      return cluster.nats.start();
    }
    if (what === 'history') {
      await this.history.shut();
      await sleep(pause);
      return this.history.open();
    }
    const members = cluster.members(what === 'pause' ? 'runtime' : what);
    const { name = '' } = members[chance.below(members.length)] ?? {};
    if (what !== 'pause') return cluster.kill(name);
    cluster.signal(name, 'SIGSTOP');
    await sleep(pause);
    return cluster.signal(name, 'SIGCONT');
  }

  /** Milliseconds since its first start. */
  now() {
    return Math.round(performance.now() - this.begun);
  }

  async stop() {
    const { code, said } = await this.cluster.stop();
    this.outputs = [said, ...[...this.cluster.logs()].map(([name, text]) => `\n${name}\n${text}`)].join('\n');
    return code;
  }

  /**
   * @template T
   * @param {(stores: import('./victim.mjs').Stores) => Promise<T>} read
   */
  async stores(read) {
    const connection = { servers: this.cluster.nats.setting('MILLRACE_NATS_URL') };
    const eventLog = await JetStreamEventLog.open({ connection, clock: { now: () => Date.now() }, durability: 'fast' });
    const keyValue = await NatsKeyValue.connect({ connection });
    const found = await read({ eventLog, keyValue });
    await eventLog.close();
    await keyValue.close();
    return found;
  }

  async end() {
    await this.cluster[Symbol.asyncDispose]();
    await this.history[Symbol.asyncDispose]();
  }
}

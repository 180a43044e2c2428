import { randomBytes } from 'node:crypto';
import { Clock } from '@millrace/kernel';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { EventLogFixture, EventLogSettings } from '../contract/fixture';
import { JetStreamEventLog } from './jetstream-event-log';
import type { JetStreamEventLogOptions } from './jetstream-event-log';

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

/** Makes logs on a real server, each with streams of its own. */
export class LogFixtures {
  constructor(private readonly url: string | undefined) {}

  /** Throws when there is no server, and says what to do. */
  get servers(): string {
    if (this.url !== undefined) return this.url;
    throw new Error('MILLRACE_NATS_URL is not set: start the servers with "npm run stack -- up" and pass on the settings it tells.');
  }

  /** A prefix that nobody else uses. */
  prefix(): string {
    return `t${randomBytes(6).toString('hex')}`;
  }

  /** What a log is opened with: a back-off of a millisecond. */
  options(prefix: string, settings: EventLogSettings = {}): JetStreamEventLogOptions {
    const connection = { servers: this.servers };
    return { connection, clock: new SystemClock(), durability: 'fast', prefix, capacity: 256 * 1024 * 1024, backOff: [1], ...settings };
  }

  /** An empty log, for the contract. */
  async open(settings?: EventLogSettings): Promise<EventLogFixture> {
    const prefix = this.prefix();
    const open = (): Promise<JetStreamEventLog> => JetStreamEventLog.open(this.options(prefix, settings));
    let log = await open();
    return {
      log,
      reopen: async () => {
        await log.close();
        log = await open();
        return log;
      },
      close: async () => {
        await log.close();
        await this.remove(prefix);
      },
    };
  }

  /** Removes the streams of a log. */
  async remove(prefix: string): Promise<void> {
    const connection = await connect({ servers: this.servers });
    const jsm = await jetstreamManager(connection);
    for await (const name of jsm.streams.names()) if (name.startsWith(`${prefix}-`)) await jsm.streams.delete(name);
    await connection.close();
  }
}

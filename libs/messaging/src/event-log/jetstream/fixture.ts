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

/** The address of the server that the cluster specs share; says what to do when there is none. */
export function serverOf(variable: 'MILLRACE_NATS_URL' | 'MILLRACE_NATS_MONITOR_URL'): string {
  const address = process.env[variable];
  if (address === undefined)
    throw new Error(`${variable} is not set: start the servers with "npm run stack -- up" and pass on what it tells.`);
  return address;
}

/** A prefix that nobody else uses. */
export function anyPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

/** What the specs open a log with: a back-off of a millisecond. */
export function logOptions(prefix: string, settings: EventLogSettings = {}): JetStreamEventLogOptions {
  return {
    connection: { servers: serverOf('MILLRACE_NATS_URL') },
    clock: new SystemClock(),
    durability: 'fast',
    prefix,
    capacity: 256 * 1024 * 1024,
    backOff: [1],
    ...settings,
  };
}

/** Removes the streams of a log. */
export async function removeLog(prefix: string, servers = serverOf('MILLRACE_NATS_URL')): Promise<void> {
  const connection = await connect({ servers });
  const jsm = await jetstreamManager(connection);
  for await (const name of jsm.streams.names()) if (name.startsWith(`${prefix}-`)) await jsm.streams.delete(name);
  await connection.close();
}

/** A log of its own, for the contract. */
export async function openLog(settings: EventLogSettings = {}): Promise<EventLogFixture> {
  const prefix = anyPrefix();
  const open = (): Promise<JetStreamEventLog> => JetStreamEventLog.open(logOptions(prefix, settings));
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
      await removeLog(prefix);
    },
  };
}

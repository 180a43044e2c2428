import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { JetStreamEventLog, SqliteEventLog, encodeEvent, type EventLog, type NewEvent } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NatsServer } from './nats-server';

const PAYLOAD = new TextEncoder().encode(JSON.stringify({ name: 'Ada', padding: 'x'.repeat(980) }));
const KEYS = 1_000;
const CAPACITY = 4 * 1024 ** 3;

/** What is measured. */
export interface Contestant {
  readonly name: string;
  /** One event more; resolves when it is durable. */
  append(): Promise<void>;
  /** Hands so many events out and has them done with; resolves when they are. */
  consume(order: 'key' | 'none', count: number): Promise<Consumed>;
  close(): Promise<void>;
}

/** Something was consumed. */
export interface Consumed {
  /** When the first event was handed out, by the steady clock. */
  readonly begun: number;
  stop(this: void): Promise<void>;
}

let minted = 0;

function anEvent(): NewEvent {
  minted += 1;
  return {
    ...{
      id: `evt_${randomUUID()}`,
      workspaceId: 'ws_1',
      type: 'orders.paid',
      time: Date.now(),
      key: `k${minted % KEYS}`,
      payload: PAYLOAD,
    },
    ...{ correlationId: 'c-1', actor: { kind: 'service', id: 'bench' }, source: {} },
  };
}

/** An event log of ours. */
class LogContestant implements Contestant {
  constructor(
    readonly name: string,
    private readonly log: EventLog,
  ) {}

  async append(): Promise<void> {
    await this.log.append([anEvent()]);
  }

  async consume(order: 'key' | 'none', count: number): Promise<Consumed> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = count;
    let begun = Infinity;
    const durable = { name: `bench-${randomUUID()}`, filter: ['*.>'], order, parallel: 256, attempts: 5, start: 'first' } as const;
    const consumption = await this.log.consume(durable, async () => {
      begun = Math.min(begun, performance.now());
      if (--left === 0) resolve();
      return { kind: 'done' };
    });
    await promise;
    return { begun, stop: () => consumption.stop(1_000) };
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

/** The log on JetStream. Its consumers are removed after each measurement, as those of the bare client are. */
export class JetStreamContestant extends LogContestant {
  private constructor(
    log: EventLog,
    private readonly connection: NatsConnection,
  ) {
    super('jetstream', log);
  }

  static async open({ url, monitor }: NatsServer, durability: 'fast' | 'safe'): Promise<JetStreamContestant> {
    const connection = await connect({ servers: url, noAsyncTraces: true });
    const options = { connection, monitor, durability, clock: new SystemClock(), prefix: 'bench', capacity: CAPACITY };
    return new JetStreamContestant(await JetStreamEventLog.open(options), connection);
  }

  override async consume(order: 'key' | 'none', count: number): Promise<Consumed> {
    const { begun, stop } = await super.consume(order, count);
    const stopAndRemove = async (): Promise<void> => {
      await stop();
      const { consumers } = await jetstream(this.connection).jetstreamManager();
      for await (const { name } of consumers.list('bench-EVENTS')) await consumers.delete('bench-EVENTS', name);
    };
    return { begun, stop: stopAndRemove };
  }

  override async close(): Promise<void> {
    await super.close();
    await this.connection.close();
  }
}

/** The embedded log. */
export class SqliteContestant extends LogContestant {
  readonly #folder: Disposable;

  constructor(durability: 'fast' | 'safe') {
    const folder = temporaryFolder();
    super('embedded', new SqliteEventLog({ file: join(folder.path, 'log.db'), clock: new SystemClock(), durability }));
    this.#folder = folder;
  }

  override async close(): Promise<void> {
    await super.close();
    this.#folder[Symbol.dispose]();
  }
}

/** The NATS client alone: the same bytes with an id, in a stream of the same settings; taken off by one pull consumer and acknowledged. */
export class RawContestant implements Contestant {
  readonly name = 'raw client';

  private constructor(
    private readonly connection: NatsConnection,
    private readonly js: JetStreamClient,
  ) {}

  static async open({ url }: NatsServer): Promise<RawContestant> {
    const connection = await connect({ servers: url, noAsyncTraces: true });
    const js = jetstream(connection);
    const jsm = await js.jetstreamManager();
    await jsm.streams.add({ name: 'RAW', subjects: ['raw.>'], storage: 'file', discard: 'new', max_bytes: CAPACITY, allow_direct: true });
    return new RawContestant(connection, js);
  }

  async append(): Promise<void> {
    const event = anEvent();
    await this.js.publish(`raw.${event.workspaceId}.${event.type}`, encodeEvent(event), { msgID: `${event.workspaceId}:${event.id}` });
  }

  async consume(_: 'key' | 'none', count: number): Promise<Consumed> {
    const jsm = await this.js.jetstreamManager();
    const name = `bench-${randomUUID()}`;
    await jsm.consumers.add('RAW', { durable_name: name, ack_policy: 'explicit', deliver_policy: 'all' });
    const consumer = await this.js.consumers.get('RAW', name);
    const messages = await consumer.consume({ max_messages: 1_000 });
    let [left, begun] = [count, Infinity];
    for await (const message of messages) {
      begun = Math.min(begun, performance.now());
      message.ack();
      if (--left === 0) break;
    }
    return {
      begun,
      stop: async () => {
        await messages.close();
        await jsm.consumers.delete('RAW', name);
      },
    };
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

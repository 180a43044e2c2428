import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { jest } from '@jest/globals';
import { keyValueContract } from '../key-value.contract';
import { NatsKeyValue } from './nats-key-value';

// A busy machine may take its time, and a key of 20 ms lives a second.
jest.setTimeout(60_000);

const url = process.env['MILLRACE_NATS_URL'];
if (url === undefined) throw new Error('MILLRACE_NATS_URL is not set: start the servers with `npm run stack -- up`.');

keyValueContract('NatsKeyValue', async () => {
  const prefix = `spec-${randomUUID()}-`;
  const open = (): Promise<NatsKeyValue> => NatsKeyValue.connect({ connection: { servers: url }, prefix });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    close: async () => {
      await store.close();
      await removeBuckets(prefix);
    },
  };
});

async function removeBuckets(prefix: string): Promise<void> {
  const connection = await connect({ servers: url ?? '' });
  const { streams } = await jetstreamManager(connection);
  for await (const name of streams.names('$KV.>')) if (name.startsWith(`KV_${prefix}`)) await streams.delete(name);
  await connection.close();
}

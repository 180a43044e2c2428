import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { stackSetting } from '@millrace/testing';
import { keyValueContract } from '../key-value.contract';
import { NatsKeyValue } from './nats-key-value';

// A busy machine may take its time, and a key of 20 ms lives a second.
jest.setTimeout(60_000);

const url = stackSetting('MILLRACE_NATS_URL');
const prefix = `spec-${randomUUID()}-`;
let connection: NatsConnection;
let server: JetStreamManager;

beforeAll(async () => {
  connection = await connect({ servers: url });
  server = await jetstreamManager(connection);
});

afterAll(async () => {
  for await (const name of server.streams.names('$KV.>')) if (name.startsWith(`KV_${prefix}`)) await server.streams.delete(name);
  await connection.close();
});

function open(name: string): Promise<NatsKeyValue> {
  return NatsKeyValue.connect({ connection: { servers: url }, prefix: `${prefix}${name}-` });
}

keyValueContract('NatsKeyValue', async () => {
  const name = randomUUID();
  let store = await open(name);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open(name);
      return store;
    },
    close: () => store.close(),
  };
});

/** Each write is synced: a slow disk that is given all at once answers the last too late. */
async function someAtATime(count: number, atOnce: number, write: (n: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - from) }, (_, n) => write(from + n)));
  }
}

describe('NatsKeyValue', () => {
  it('asks once for all who want to be caught up at the same time, and reads nothing where nothing is', async () => {
    const store = await open('gathered');
    const bucket = await store.bucket('waits');
    const asked = { newest: 0, pages: 0 };
    connection.subscribe(`$JS.API.STREAM.MSG.GET.KV_${prefix}gathered-waits`, { callback: () => void (asked.newest += 1) });
    connection.subscribe(`$JS.API.DIRECT.GET.KV_${prefix}gathered-waits`, { callback: () => void (asked.pages += 1) });
    await connection.flush();
    const told: string[] = [];
    const watch = await bucket.watch('', ({ key }) => told.push(key));
    await bucket.put('run', Uint8Array.of(1));
    asked.newest = 0;
    await Promise.all(Array.from({ length: 100 }, () => watch.caughtUp()));
    expect(told).toEqual(['run']);
    expect(await bucket.list('other/')).toEqual([]);
    for await (const page of bucket.pages('other/', 10)) expect(page).toEqual([]);
    await connection.flush();
    expect(asked).toEqual({ newest: 2 + 1 + 1, pages: 0 });
    await store.close();
  });

  it('lists thousands of keys, and more bytes than one answer holds', async () => {
    const store = await open('lists');
    const bucket = await store.bucket('many');
    await someAtATime(3_000, 100, (n) => bucket.put(`small/${n}`, Uint8Array.of(n % 256)));
    await someAtATime(20, 4, (n) => bucket.put(`large/${n}`, new Uint8Array(1024 * 1024).fill(n)));
    expect(await bucket.list('small/')).toHaveLength(3_000);
    const large = await bucket.list('large/');
    expect(large.map(({ key, value }) => `large/${value[value.length - 1] ?? ''}` === key)).toEqual(Array.from({ length: 20 }, () => true));
    expect(await bucket.list('')).toHaveLength(3_020);
    await store.close();
  });

  it('loses no key from a list while keys are written anew', async () => {
    const store = await open('moves');
    const bucket = await store.bucket('many');
    const keys = Array.from({ length: 12 }, (_, n) => `k/${n}`);
    const writeAll = (): Promise<unknown> => someAtATime(keys.length, 4, (n) => bucket.put(`k/${n}`, new Uint8Array(1024 * 1024)));
    await writeAll();
    for (let round = 0; round < 5; round += 1) {
      const writing = writeAll();
      expect(await bucket.list('k/')).toHaveLength(keys.length);
      await writing;
    }
    await store.close();
  });

  it('shows the processes of a bucket one and the same', async () => {
    const [one, other] = await Promise.all([open('shared'), open('shared')]);
    const [here, there] = await Promise.all([one.bucket('leases'), other.bucket('leases')]);
    const heard = Promise.withResolvers<number>();
    await there.watch('', ({ revision }) => heard.resolve(revision));
    const revision = await here.putIf('lease', Uint8Array.of(1), 0);
    expect(await heard.promise).toBe(revision);
    await expect(there.putIf('lease', Uint8Array.of(2), 0)).rejects.toMatchObject({ code: 'kv.revision_conflict' });
    await there.putIf('lease', Uint8Array.of(2), revision);
    expect((await here.get('lease'))?.value).toEqual(Uint8Array.of(2));
    await Promise.all([one.close(), other.close()]);
  });

  it('writes over a key that another took back meanwhile', async () => {
    const store = await open('again');
    const bucket = await store.bucket('leases');
    const take = async (): Promise<void> => {
      for (let taken = 0; taken < 20;) {
        const revision = await bucket.putIf('lease', Uint8Array.of(1), 0).catch(() => undefined);
        if (revision === undefined) continue;
        await bucket.delete('lease', revision);
        taken += 1;
      }
    };
    await Promise.all([take(), take(), take()]);
    expect(await bucket.list('')).toEqual([]);
    await store.close();
  });

  it('refuses a bucket that is not as it should be, and says what it lacks', async () => {
    const store = await open('unfit');
    await server.streams.add({ name: `KV_${prefix}unfit-old`, subjects: [`$KV.${prefix}unfit-old.>`], max_msgs_per_subject: 1 });
    await expect(store.bucket('old')).rejects.toMatchObject({
      code: 'kv.server_unfit',
      message: expect.stringContaining('allow_msg_ttl = true'),
    });
    await store.close();
  });

  it('keeps what others have in buckets when one of them is opened again', async () => {
    const store = await open('opened');
    const [lasting, fleeting] = [await store.bucket('b'), await store.bucket('b', { ttl: 1_000 })];
    await lasting.put('lasts', Uint8Array.of(1));
    const gone = Promise.withResolvers<string>();
    await lasting.watch('', ({ key, value }) => value === undefined && gone.resolve(key));
    await fleeting.put('goes', Uint8Array.of(1));
    expect(await gone.promise).toBe('goes');
    expect((await lasting.list('')).map(({ key }) => key)).toEqual(['lasts']);
    await store.close();
  });
});

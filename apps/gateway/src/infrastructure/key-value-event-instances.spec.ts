import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteKeyValue, type Bucket, type KeyValue } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../testing/lines';
import { KeyValueEventInstances } from './key-value-event-instances';

const encoder = new TextEncoder();
const announcement = (instance: string, sockets = 0): object => ({ instance, address: '127.0.0.1:5000', sockets, draining: false });

describe('the events instances in KeyValue', () => {
  let folder: string;
  let keyValue: KeyValue;
  let bucket: Bucket;
  const log = new Lines();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-instances-'));
    keyValue = new SqliteKeyValue({ file: join(folder, 'kv.db'), clock: new SystemClock() });
    bucket = await keyValue.bucket('instances', { ttl: 10_000 });
  });

  afterEach(async () => {
    await keyValue.close();
    await rm(folder, { recursive: true });
  });

  const announce = async (key: string, value: unknown): Promise<void> => {
    await bucket.put(key, encoder.encode(typeof value === 'string' ? value : JSON.stringify(value)));
  };

  /** Writes a key of its own and waits until a watch of the same bucket has seen it: what was written before has been told. */
  const settled = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = await bucket.watch('marker', ({ value }) => value !== undefined && resolve());
    await bucket.put('marker', encoder.encode('x'));
    await promise;
    await watch.stop();
    await bucket.delete('marker');
  };

  it('are those that were there, and those that come, change and go', async () => {
    await announce('events.evi_a', announcement('evi_a'));
    const instances = await KeyValueEventInstances.open(keyValue, log);
    expect(instances.all()).toEqual([announcement('evi_a')]);
    await announce('events.evi_b', announcement('evi_b', 2));
    await announce('events.evi_a', announcement('evi_a', 1));
    await settled();
    expect(instances.all()).toEqual([announcement('evi_a', 1), announcement('evi_b', 2)]);
    await bucket.delete('events.evi_a');
    await settled();
    expect(instances.all()).toEqual([announcement('evi_b', 2)]);
    await instances.onApplicationShutdown();
  });

  it.each([['no JSON'], [announcement('somebody-else')], [{ ...announcement('evi_x'), address: 'nowhere' }]])(
    'are not what announces itself as %j',
    async (value) => {
      await announce('events.evi_x', value);
      const instances = await KeyValueEventInstances.open(keyValue, log);
      expect(instances.all()).toEqual([]);
      expect(log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { key: 'events.evi_x' } });
      await instances.onApplicationShutdown();
    },
  );
});

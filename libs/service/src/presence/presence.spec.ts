import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { Health, PinoLog } from '@millrace/observability';
import { temporaryFolder } from '@millrace/testing';
import { SystemClock, SystemIds } from '../machine/machine';
import { Presence } from './presence';

const BEAT = 5_000;

describe('the presence of services', () => {
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  let folder: ReturnType<typeof temporaryFolder>;
  let keyValue: SqliteKeyValue;
  let bucket: Bucket;
  let health: Health;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['Date', 'performance', 'setImmediate', 'nextTick', 'queueMicrotask'] });
    folder = temporaryFolder();
    keyValue = new SqliteKeyValue({ file: join(folder.path, 'kv.db'), clock });
    bucket = await keyValue.bucket('services');
    health = new Health('runtime');
    health.setServing(true);
  });

  afterEach(async () => {
    jest.useRealTimers();
    await keyValue.close();
    folder[Symbol.dispose]();
  });

  let warned: number;
  const log = Object.assign(new PinoLog('runtime', 'silent'), { warn: () => void (warned += 1) });
  const begin = async (): Promise<Presence> => {
    warned = 0;
    const presence = Presence.begin([{ name: 'runtime', health, log }], { clock, ids, keyValue });
    await presence.begun;
    return presence;
  };
  const told = async (): Promise<readonly unknown[]> =>
    (await bucket.list('runtime.')).map(({ value }): unknown => JSON.parse(new TextDecoder().decode(value)));

  it('is told from the beginning to the end', async () => {
    health.depend('wire', () => Promise.resolve());
    const presence = await begin();
    expect(await told()).toEqual([
      {
        ...{ id: expect.stringMatching(/^ins_/), service: 'runtime', host: hostname(), version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
        ...{ startedAt: expect.any(Number), ready: true, dependencies: [expect.objectContaining({ name: 'wire', ok: true })] },
      },
    ]);
    await presence.end();
    expect(await told()).toEqual([]);
  });

  it('is told anew, as it is by then', async () => {
    const presence = await begin();
    health.setServing(false);
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = await bucket.watch('runtime.', ({ value = new Uint8Array() }) => {
      if (new TextDecoder().decode(value).includes('"ready":false')) resolve();
    });
    jest.advanceTimersByTime(BEAT);
    await promise;
    await watch.stop();
    await presence.end();
    jest.advanceTimersByTime(BEAT);
    expect(await told()).toEqual([]);
  });

  it('is nothing that a service waits for', async () => {
    await keyValue.close();
    const presence = await begin();
    await presence.end();
    expect(warned).toBe(1);
  });
});

import { Clock } from '@millrace/kernel';
import { SqliteKeyValue, type Bucket } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../testing/lines';
import { KeyValueOpenOrigins } from './key-value-open-origins';

class HandClock extends Clock {
  time = 0;

  override now(): number {
    return this.time;
  }
}

const SHOP = 'https://shop.test';

describe('the origins that workspaces let in', () => {
  const log = new Lines();
  const clock = new HandClock();
  let keyValue: SqliteKeyValue;
  let bucket: Bucket;
  let origins: KeyValueOpenOrigins;

  beforeEach(async () => {
    keyValue = new SqliteKeyValue({ file: ':memory:', clock: new SystemClock() });
    bucket = await keyValue.bucket('origins');
    await tell('ws_1', 'mill', [SHOP]);
    origins = await KeyValueOpenOrigins.open(keyValue, log, clock);
  });

  afterEach(async () => {
    await origins.onApplicationShutdown();
    await keyValue.close();
  });

  const tell = (id: string, slug: string, allowed: unknown, formerly?: readonly object[]): Promise<number> =>
    bucket.put(id, Buffer.from(JSON.stringify({ workspaceId: id, slug, origins: allowed, formerly })));
  /** Resolves when all that was told before is known. */
  const caughtUp = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = await bucket.watch('', () => undefined, resolve);
    await promise;
    await watch.caughtUp();
    await watch.stop();
  };

  it('are known by id and by slug, for exactly these origins', () => {
    expect(['ws_1', 'mill'].map((name) => origins.letsIn(name, SHOP))).toEqual([true, true]);
    for (const origin of ['https://shop.test.evil.test', 'http://shop.test', 'https://shop.test:8443', 'null', ''])
      expect(origins.letsIn('mill', origin)).toBe(false);
    expect(origins.letsIn('other', SHOP)).toBe(false);
  });

  it('follow what the workspaces say', async () => {
    await tell('ws_1', 'pond', [SHOP]);
    await tell('ws_2', 'mill', ['https://other.test']);
    await caughtUp();
    expect([origins.letsIn('pond', SHOP), origins.letsIn('mill', SHOP), origins.letsIn('mill', 'https://other.test')]).toEqual([
      true,
      false,
      true,
    ]);
    await tell('ws_1', 'pond', []);
    await bucket.delete('ws_2');
    await caughtUp();
    expect([origins.letsIn('pond', SHOP), origins.letsIn('mill', 'https://other.test')]).toEqual([false, false]);
  });

  it('are known by the slugs that a workspace had, while it answers to them and nobody else has them', async () => {
    const formerly = [
      { slug: 'mill', until: 100 },
      { slug: 'brook', until: 200 },
    ];
    await tell('ws_1', 'pond', [SHOP], formerly);
    await caughtUp();
    const known = (): readonly string[] => ['pond', 'mill', 'brook'].filter((slug) => origins.letsIn(slug, SHOP));
    expect(known()).toEqual(['pond', 'mill', 'brook']);
    clock.time = 100;
    expect(known()).toEqual(['pond', 'brook']);
    await tell('ws_2', 'brook', ['https://other.test']);
    await caughtUp();
    expect(known()).toEqual(['pond']);
    await bucket.delete('ws_2');
    await tell('ws_1', 'pond', [SHOP], [{ slug: 'mill', until: 200 }]);
    await caughtUp();
    expect(known()).toEqual(['pond', 'mill']);
  });

  it('are none where nobody can read them', async () => {
    await bucket.put('ws_1', Buffer.from('nonsense'));
    await caughtUp();
    expect(origins.letsIn('mill', SHOP)).toBe(false);
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { key: 'ws_1' } });
  });
});

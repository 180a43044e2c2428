import { SystemClock } from '@millrace/service';
import { SqliteKeyValue, type Bucket, type KeyValue } from '@millrace/messaging';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../../testing/lines';
import type { GatewayReport } from '../../application/ports/gateway-news';
import { KeyValueGatewayNews } from './key-value-gateway-news';
import { KeyValueRateStore } from './key-value-rate-store';

const REPORT: GatewayReport = { newest: 7, ticks: [{ lasted: 250, keys: { 'read|p:anna': [3, 2] } }] };

let keyValue: SqliteKeyValue;

beforeEach(() => {
  keyValue = new SqliteKeyValue({ file: ':memory:', clock: new SystemClock() });
});

afterEach(async () => {
  await keyValue.close();
});

describe('timestamps of strict limits', () => {
  it('lose no change, however many make one at once at two gateways', async () => {
    const [one, two] = [await KeyValueRateStore.open(keyValue), await KeyValueRateStore.open(keyValue)];
    const changes = Array.from({ length: 40 }, (_, nth) =>
      (nth % 2 === 0 ? one : two).change('sign-in|a:192.0.2.1', 60_000, (time = 0) => time + 1),
    );
    await Promise.all(changes);
    let kept: number | undefined;
    await one.change('sign-in|a:192.0.2.1', 60_000, (time) => {
      kept = time;
      return undefined;
    });
    expect(kept).toBe(40);
  });

  it('are written once for all who ask while one is being written', async () => {
    const store = await KeyValueRateStore.open(keyValue);
    await Promise.all(Array.from({ length: 40 }, () => store.change('token|p:anna', 60_000, (time = 0) => time + 1)));
    const [entry] = await (await keyValue.bucket('limits')).list('count.');
    expect(entry?.value).toEqual(new TextEncoder().encode('40'));
    expect(entry?.revision).toBe(2);
  });

  it('are kept under a name that tells of nobody, and forgotten', async () => {
    const store = await KeyValueRateStore.open(keyValue);
    await store.change('sign-in|u:anna', 60_000, () => 1_000.5);
    const [entry] = await (await keyValue.bucket('limits')).list('count.');
    expect(entry?.key).toMatch(/^count\.[\w-]{43}$/);
    expect(new TextDecoder().decode(entry?.value)).toBe('1001');
  });

  it('are read as none when somebody wrote something else there', async () => {
    const store = await KeyValueRateStore.open(keyValue);
    await store.change('a', 60_000, () => 5);
    const bucket = await keyValue.bucket('limits');
    const [entry] = await bucket.list('count.');
    await bucket.put(entry?.key ?? '', new TextEncoder().encode('soon'));
    const seen: (number | undefined)[] = [];
    await store.change('a', 60_000, (time) => {
      seen.push(time);
      return undefined;
    });
    expect(seen).toEqual([undefined]);
  });

  it('are given up when the store does not answer, and when it refuses', async () => {
    const never = await KeyValueRateStore.open(broken(() => new Promise<never>(() => undefined)));
    await expect(never.change('a', 1, () => 1)).rejects.toThrow('did not answer within 500 ms');
    const refusing = await KeyValueRateStore.open(broken(() => Promise.reject(new Error('gone'))));
    await expect(refusing.change('a', 1, () => 1)).rejects.toThrow('gone');
  });
});

describe('what gateways tell each other', () => {
  it('reaches those that are there and those that come, and that somebody is gone, too', async () => {
    const log = new Lines();
    const [one, two] = [await KeyValueGatewayNews.open(keyValue, 'gwy_1', log), await KeyValueGatewayNews.open(keyValue, 'gwy_2', log)];
    await one.tell(REPORT);
    const heard: (readonly [string, GatewayReport | undefined])[] = [];
    const { promise: isGone, resolve } = Promise.withResolvers<void>();
    await two.listen((gateway, report) => {
      heard.push([gateway, report]);
      if (report === undefined) resolve();
    });
    await two.tell(REPORT);
    await one.close();
    await isGone;
    expect(heard).toEqual([
      ['gwy_1', REPORT],
      ['gwy_1', undefined],
    ]);
    await two.close();
  });

  it('says at least that somebody is there when it cannot be read', async () => {
    const log = new Lines();
    const news = await KeyValueGatewayNews.open(keyValue, 'gwy_1', log);
    const bucket = await keyValue.bucket('limits');
    await bucket.put('gateway.gwy_2', new TextEncoder().encode('{"newest":1}'));
    await bucket.put('gateway.gwy_3', new TextEncoder().encode('{'));
    const heard: (readonly [string, GatewayReport | undefined])[] = [];
    await news.listen((gateway, report) => heard.push([gateway, report]));
    expect(heard).toEqual([
      ['gwy_2', { newest: 0, ticks: [] }],
      ['gwy_3', { newest: 0, ticks: [] }],
    ]);
    expect(log.lines).toHaveLength(2);
    await news.close();
  });

  it('ends quietly when nobody can be told', async () => {
    const log = new Lines();
    const news = await KeyValueGatewayNews.open(
      broken(() => Promise.reject(new Error('gone'))),
      'gwy_1',
      log,
    );
    await expect(news.close()).resolves.toBeUndefined();
  });
});

/** A store whose every call goes so. */
function broken(call: () => Promise<never>): KeyValue {
  const pages = async function* (): AsyncGenerator<never> {
    yield await call();
  };
  const bucket: Bucket = { get: call, put: call, putIf: call, delete: call, list: call, pages, watch: call };
  return { bucket: () => Promise.resolve(bucket), close: () => Promise.resolve() };
}

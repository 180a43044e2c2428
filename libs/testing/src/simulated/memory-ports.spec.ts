import { describe, expect, it } from '@jest/globals';
import { sampleDurable, sampleEvent } from './event-log/sample-event';
import { memoryPorts } from './memory-ports';

const byte = (value: number): Uint8Array => Uint8Array.of(value);

describe('memoryPorts', () => {
  it('settles operations by itself', async () => {
    const { eventLog, keyValue } = memoryPorts();
    const bucket = await keyValue.bucket('b');
    const revision = await bucket.put('a', byte(1));
    await expect(bucket.putIf('a', byte(2), revision + 1)).rejects.toMatchObject({ code: 'kv.revision_conflict' });
    const { promise: got, resolve } = Promise.withResolvers<string>();
    await eventLog.consume(sampleDurable(), async ({ id }) => {
      resolve(id);
      return { kind: 'done' };
    });
    await eventLog.append([sampleEvent('e')]);
    expect(await got).toBe('e');
  });

  it('moves time only when it is told to, and does all that is due before it answers', async () => {
    const { clock, alarms, keyValue, advance } = memoryPorts({ start: 1_000 });
    const bucket = await keyValue.bucket('b');
    await bucket.put('a', byte(1), { ttl: 50 });
    const log: string[] = [];
    const again = async (): Promise<void> => {
      const entry = await bucket.get('a');
      log.push(`${clock.now()} ${entry === undefined ? 'gone' : 'there'}`);
      alarms.set(clock.now() + 40, () => void again());
    };
    alarms.set(1_010, () => void again());
    await advance(100);
    expect(log).toEqual(['1010 there', '1050 gone', '1090 gone']);
    expect(clock.now()).toBe(1_100);
  });

  it('rings at once, but not in this turn, what is due already', async () => {
    const { clock, alarms } = memoryPorts();
    const order: string[] = [];
    const { promise: rung, resolve } = Promise.withResolvers<void>();
    alarms.set(clock.now() - 1, () => {
      order.push('rung');
      resolve();
    });
    order.push('set');
    await rung;
    expect(order).toEqual(['set', 'rung']);
  });

  it('redelivers after a delay that was asked for, once time has passed', async () => {
    const { eventLog, advance } = memoryPorts();
    const attempts: number[] = [];
    await eventLog.consume(sampleDurable(), async (_event, { attempt }) => {
      attempts.push(attempt);
      return attempt === 1 ? { kind: 'retry', delay: 1_000, reason: 'not yet' } : { kind: 'done' };
    });
    await eventLog.append([sampleEvent('e')]);
    await advance(999);
    expect(attempts).toEqual([1]);
    await advance(1);
    expect(attempts).toEqual([1, 2]);
  });
});

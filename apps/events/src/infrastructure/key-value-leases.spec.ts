import { describe, expect, it } from '@jest/globals';
import { SqliteKeyValue } from '@millrace/messaging';
import { VirtualTime } from '@millrace/testing';
import { KeyValueLeases } from './key-value-leases';

describe('a lease', () => {
  it('is had by one, who may go on having it, until it is given up or not taken again in time', async () => {
    const time = new VirtualTime(1_000_000);
    const keyValue = new SqliteKeyValue({ file: ':memory:', clock: time });
    const [one, two] = [await KeyValueLeases.open(keyValue, 'one'), await KeyValueLeases.open(keyValue, 'two')];
    expect(await one.take('work', 10_000)).toBe(true);
    expect(await two.take('work', 10_000)).toBe(false);
    expect(await two.take('other', 10_000)).toBe(true);
    time.jump(8_000);
    expect(await one.take('work', 10_000)).toBe(true);
    time.jump(8_000);
    expect(await two.take('work', 10_000)).toBe(false);
    time.jump(4_000);
    expect(await two.take('work', 10_000)).toBe(true);
    await one.giveUp('work');
    expect(await one.take('work', 10_000)).toBe(false);
    await two.giveUp('work');
    await two.giveUp('work');
    expect(await one.take('work', 10_000)).toBe(true);
    await keyValue.close();
  });

  it('is had by one of two who take it at once', async () => {
    const keyValue = new SqliteKeyValue({ file: ':memory:', clock: new VirtualTime(1_000_000) });
    const [one, two] = [await KeyValueLeases.open(keyValue, 'one'), await KeyValueLeases.open(keyValue, 'two')];
    const taken = await Promise.all([one.take('work', 10_000), two.take('work', 10_000)]);
    expect(taken.toSorted()).toEqual([false, true]);
    const closed = keyValue.close();
    await closed;
    await expect(one.take('work', 10_000)).rejects.toThrow();
  });
});

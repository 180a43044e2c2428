import { describe, expect, it } from '@jest/globals';
import { SqliteKeyValue } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { KeyValueInstances } from './key-value-instances';

describe('the live instances', () => {
  it('are announced as gateways read them, and know of each other', async () => {
    const keyValue = new SqliteKeyValue({ file: ':memory:', clock: new SystemClock() });
    const instances = await KeyValueInstances.open(keyValue);
    const one = {
      instance: 'evi_1',
      address: '127.0.0.1:5000',
      sockets: 3,
      draining: false,
      attended: { people: { 'user/ada': { sockets: 3, subscriptions: 9 } }, workspaces: {} },
    };
    await instances.announce(one);
    const entry = await (await keyValue.bucket('instances')).get('events.evi_1');
    expect(JSON.parse(new TextDecoder().decode(entry?.value))).toEqual(one);
    expect(await instances.others('evi_1')).toEqual([]);
    await instances.announce({ ...one, instance: 'evi_2', draining: true });
    expect(await instances.others('evi_1')).toEqual([]);
    expect(await instances.others('evi_2')).toEqual([one]);
    expect(await instances.all()).toEqual(['evi_1', 'evi_2']);
    await instances.withdraw('evi_1');
    expect(await instances.others('evi_2')).toEqual([]);
    await keyValue.close();
  });
});

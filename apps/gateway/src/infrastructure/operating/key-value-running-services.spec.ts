import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteKeyValue, type KeyValue } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { Lines } from '../../../testing/lines';
import { KeyValueRunningServices } from './key-value-running-services';

const TOLD = { id: 'ins_1', service: 'runtime', host: 'a', version: '1.0.0', ready: false, startedAt: 7 };

describe('the services in KeyValue', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let keyValue: KeyValue;
  const log = new Lines();

  beforeEach(() => {
    folder = temporaryFolder();
    keyValue = new SqliteKeyValue({ file: join(folder.path, 'kv.db'), clock: new SystemClock() });
  });

  afterEach(async () => {
    await keyValue.close();
    folder[Symbol.dispose]();
  });

  const tell = async (key: string, value: unknown): Promise<void> => {
    const bucket = await keyValue.bucket('services');
    await bucket.put(key, new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
  };

  it('are as they tell of themselves, with what they stand on', async () => {
    const dependencies = [
      { name: 'wire', ok: true, latency: 0.3 },
      { name: 'history', ok: false, essential: false, reason: 'no answer' },
    ];
    await tell('runtime.ins_1', { ...TOLD, dependencies });
    expect(await new KeyValueRunningServices(keyValue, log).all()).toEqual([
      {
        ...TOLD,
        dependencies: [
          { name: 'wire', ok: true, essential: true },
          { name: 'history', ok: false, essential: false, reason: 'no answer' },
        ],
      },
    ]);
  });

  it('are not what nobody can read, nor what one service says in the name of another', async () => {
    await tell('runtime.ins_1', '{');
    await tell('runtime.ins_2', { ...TOLD, id: 'ins_2' });
    await tell('runtime.ins_3', { ...TOLD, id: 'ins_3', service: 'gateway', dependencies: [] });
    expect(await new KeyValueRunningServices(keyValue, log).all()).toEqual([]);
    expect(log.lines.map(({ fields }) => fields?.['key'])).toEqual(['runtime.ins_1', 'runtime.ins_2', 'runtime.ins_3']);
  });
});

import { Clock } from '@millrace/kernel';
import { SqliteKeyValue } from '@millrace/messaging';
import { describe, expect, it } from '@jest/globals';
import { NOTHING } from '../../domain/contexts/record';
import { encodeContext } from '../contexts/stored-context';
import { EraseContexts } from './erase-contexts';

class StillClock extends Clock {
  override now(): number {
    return 0;
  }
}

describe('erasing who has left', () => {
  it('forgets what automations of any workspace and owner remember of them, and nothing of others', async () => {
    const keyValue = new SqliteKeyValue({ file: ':memory:', clock: new StillClock() });
    const bucket = await keyValue.bucket('contexts');
    const put = (key: string, context: 'user' | 'session', instance: string, owner: string) =>
      bucket.put(key, encodeContext({ context, instance, owner }, NOTHING));
    await put('ws_1/=/user/ada', 'user', 'ada', '');
    await put('ws_2/=own_1/user/ada', 'user', 'ada', 'app of a long name');
    await put('ws_1/=/user/bob', 'user', 'bob', '');
    await put('ws_1/=/session/ada', 'session', 'ada', '');
    const contexts = new EraseContexts(bucket);
    expect([await contexts.run('ada'), await contexts.run('ada')]).toEqual([{ contexts: 2 }, { contexts: 0 }]);
    expect((await bucket.list('')).map(({ key }) => key)).toEqual(['ws_1/=/session/ada', 'ws_1/=/user/bob']);
    await keyValue.close();
  });
});

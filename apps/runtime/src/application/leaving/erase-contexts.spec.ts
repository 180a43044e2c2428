import { SqliteKeyValue } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { describe, expect, it } from '@jest/globals';
import { Contexts } from '../contexts/contexts';
import { SetClock } from '../contexts/testing/rigging';
import { EraseContexts } from './erase-contexts';

describe('erasing who has left', () => {
  it('forgets what automations of any workspace and app remember of them, and nothing of others', async () => {
    const clock = new SetClock();
    const keyValue = new SqliteKeyValue({ file: ':memory:', clock });
    const bucket = await keyValue.bucket('contexts');
    const contexts = new Contexts(bucket, clock, new SystemIds(clock));
    const put = (workspaceId: string, context: 'user' | 'session', owner: string, instance = '') =>
      contexts.put(workspaceId, { context, instance, owner }, { known: true });
    await put('ws_1', 'user', 'ada@example.org');
    await put('ws_2', 'user', 'ada@example.org', 'crm');
    await put('ws_1', 'user', 'bob', 'ada@example.org');
    await put('ws_1', 'session', 'ada@example.org');
    const erase = new EraseContexts(bucket);
    expect([await erase.run('ada@example.org'), await erase.run('ada@example.org')]).toEqual([{ contexts: 2 }, { contexts: 0 }]);
    const left = [...(await Array.fromAsync(contexts.each('ws_1'))), ...(await Array.fromAsync(contexts.each('ws_2')))];
    expect(left.map(({ context, owner }) => [context, owner]).sort()).toEqual([
      ['session', 'ada@example.org'],
      ['user', 'bob'],
    ]);
    await keyValue.close();
  });
});

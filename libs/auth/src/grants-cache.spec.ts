import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkspacesService, type GetGrantsResponse } from '@millrace/contracts';
import { Clock, type Principal } from '@millrace/kernel';
import { SqliteKeyValue } from '@millrace/messaging';
import { GrantsCache } from './grants-cache';

class SetClock extends Clock {
  time = 0;

  override now(): number {
    return this.time;
  }
}

const ada: Principal = { kind: 'user', id: 'usr_ada', roles: [] };
const bytes = new Uint8Array([1]);

describe('grants that were found out', () => {
  const clock = new SetClock();
  let keyValue: SqliteKeyValue;
  let cache: GrantsCache;
  let asked: number;

  const answer = (workspaceId: string): GetGrantsResponse => {
    asked += 1;
    return create(WorkspacesService.method.getGrants.output, { workspaceId, slug: 'hotel' });
  };
  const find = (workspace = 'ws_1', principal = ada) => cache.of(principal, workspace, () => Promise.resolve(answer('ws_1')));
  const change = async (workspaceId: string): Promise<void> => {
    const bucket = await keyValue.bucket('rights');
    await bucket.put(workspaceId, bytes);
    const watch = await bucket.watch('', () => undefined);
    await watch.caughtUp();
    await watch.stop();
  };

  beforeEach(async () => {
    asked = 0;
    clock.time = 0;
    keyValue = new SqliteKeyValue({ file: ':memory:', clock });
    cache = await GrantsCache.open(await keyValue.bucket('rights'), clock);
  });

  afterEach(async () => {
    await cache.onApplicationShutdown();
    await keyValue.close();
  });

  it('are asked for once for each caller and name of the workspace', async () => {
    expect(await find()).toBe(await find());
    await find('hotel');
    await find('ws_1', { ...ada, groups: ['/desk'] });
    expect(asked).toBe(3);
  });

  it('are asked for again when something changed in their workspace, under whatever name', async () => {
    await find();
    await find('hotel');
    await change('ws_2');
    await find();
    expect(asked).toBe(2);
    await change('ws_1');
    await find();
    await find('hotel');
    expect(asked).toBe(4);
  });

  it('are not kept when something changed while they were asked for', async () => {
    await cache.of(ada, 'ws_1', async () => {
      await change('ws_1');
      return answer('ws_1');
    });
    await find();
    expect(asked).toBe(2);
  });

  it('are not believed longer than half a minute', async () => {
    await find();
    clock.time = 29_999;
    await find();
    expect(asked).toBe(1);
    clock.time = 30_000;
    await find();
    expect(asked).toBe(2);
  });

  it('are not believed when something of them has ended by itself', async () => {
    const brief = () => cache.of(ada, 'ws_1', async () => ({ ...answer('ws_1'), until: timestampFromMs(10) }));
    await brief();
    clock.time = 9;
    await brief();
    expect(asked).toBe(1);
    clock.time = 10;
    await brief();
    expect(asked).toBe(2);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFilter } from '@millrace/language';
import { logged, WORKSPACE } from '../contract/events';
import { historyContract } from '../history.contract';
import { SqliteHistory } from './sqlite-history';

historyContract('SqliteHistory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  return {
    open: () => SqliteHistory.open({ path: join(folder, 'new', 'history.db') }),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe('SqliteHistory', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'history-'));
    path = join(folder, 'history.db');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('refuses to share its file', async () => {
    const history = await SqliteHistory.open({ path });
    await expect(SqliteHistory.open({ path })).rejects.toMatchObject({ code: 'history.in_use', refusal: 'unavailable' });
    await history.close();
    await (await SqliteHistory.open({ path })).close();
  });

  it('passes on what is wrong with a file that is no database', async () => {
    await expect(SqliteHistory.open({ path: folder })).rejects.toThrow('unable to open');
  });

  it('finds what was there all along while events come and go', async () => {
    const history = await SqliteHistory.open({ path });
    const events = (from: number) => Array.from({ length: 2_000 }, (_, i) => logged(from + i, { n: from + i, kind: 'x', word: 'here' }));
    await history.append(events(10_000));
    const where = parseFilter("payload.n contains 'none' or (payload.kind = 'x' and payload.n >= 11990 and payload.n < 12000)");
    const searches = [
      history.search({ workspaceId: WORKSPACE, where, sort: 'oldest', limit: 200 }),
      history.search({ workspaceId: WORKSPACE, where, sort: 'newest', limit: 200, text: 'here' }),
    ];
    await history.append(events(0));
    await history.append(events(20_000));
    expect(await history.drop(WORKSPACE, 1_000_000 + 11_000)).toBe(3_000);
    for (const { items } of await Promise.all(searches)) {
      expect(items.map(({ position }) => Number(position.offset)).toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => 11_990 + i));
    }
    await history.close();
  });

  it('lets others work while it goes through many events, and stops when it is closed meanwhile', async () => {
    const history = await SqliteHistory.open({ path });
    await history.append(Array.from({ length: 1_000 }, (_, i) => logged(i, { n: i })));
    const nothing = { workspaceId: WORKSPACE, where: { op: '<', field: 'payload.n', value: 0 }, sort: 'newest', limit: 1 } as const;
    let others = 0;
    setImmediate(() => (others += 1));
    expect((await history.search(nothing)).items).toEqual([]);
    expect(others).toBe(1);
    const cut = history.search(nothing);
    await history.close();
    await expect(cut).rejects.toMatchObject({ code: 'history.closed' });
  });

  it('lets others work while it goes through few events that are large', async () => {
    const history = await SqliteHistory.open({ path });
    await history.append(Array.from({ length: 150 }, (_, i) => logged(i, { n: i, text: 'x'.repeat(20_000) })));
    let others = 0;
    setImmediate(() => (others += 1));
    const where = { op: '<', field: 'payload.n', value: 0 } as const;
    expect((await history.search({ workspaceId: WORKSPACE, where, sort: 'newest', limit: 1 })).items).toEqual([]);
    expect(others).toBe(1);
    await history.close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoadRequest, WriteRequest } from '@millrace/language';
import { SqliteKeyValue } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import type { Run } from '../../domain/run';
import { Contexts } from './contexts';
import { ParkedRuns } from './parked-runs';
import { SetClock } from './testing/rigging';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const WS = 'ws_1';

const clock = new SetClock();
const ids = new SystemIds(clock);
let store: SqliteKeyValue;
let contexts: Contexts;

const set = (name: LoadRequest): WriteRequest => ({ ...name, path: ['a'], op: 'replace', value: 1 });

beforeEach(async () => {
  store = new SqliteKeyValue({ file: ':memory:', clock });
  const parked = new ParkedRuns(await store.bucket('runs'), clock, ids);
  contexts = new Contexts(await store.bucket('contexts'), clock, ids, { parked });
});

afterEach(async () => {
  await store.close();
});

describe('what lives with a correlation', () => {
  const RUN: LoadRequest = { context: 'run', instance: 'crm', owner: 'cor_1' };
  const NOBODY: LoadRequest = { context: 'user', instance: '', owner: 'correlation:cor_1' };
  const AFTERWARDS = 6 * MINUTE;
  const waits = (id: string, days: number) =>
    ({ id, workspaceId: WS, correlationId: 'cor_1', deadline: clock.time + days * DAY }) as unknown as Run;
  const there = async (): Promise<readonly boolean[]> =>
    Promise.all([RUN, NOBODY].map(async (name) => (await contexts.load(WS, name)).revision > 0));
  const write = (run: string, until?: number): Promise<void> =>
    contexts.flush(WS, { run, number: clock.time, writes: [set(RUN), set(NOBODY)], ...(until === undefined ? {} : { until }) });

  it('is there as long as a run that waits, and a minute longer than the last of them', async () => {
    const [one, other] = [waits('run_1', 90), waits('run_2', 90)];
    await write('run_1');
    await Promise.all([contexts.keepFor(one), contexts.keepFor(other)]);
    clock.time += 60 * DAY;
    await contexts.letGo(one);
    clock.time += DAY;
    expect(await there()).toEqual([true, true]);
    await contexts.letGo(other);
    clock.time += AFTERWARDS - 1;
    expect(await there()).toEqual([true, true]);
    clock.time += 1;
    expect(await there()).toEqual([false, false]);
  });

  it('is there for a run that was waiting before it was', async () => {
    await contexts.keepFor(waits('run_1', 90));
    await write('run_2');
    clock.time += 60 * DAY;
    expect(await there()).toEqual([true, true]);
  });

  it('is there for a run that wrote it, until that has ended, however long nobody can take it on', async () => {
    await write('run_1', clock.time + 30 * DAY);
    clock.time += 29 * DAY;
    expect(await there()).toEqual([true, true]);
    await write('run_1');
    clock.time += AFTERWARDS;
    expect(await there()).toEqual([false, false]);
  });

  it('does not outlast the time of a run that never came back', async () => {
    await write('run_1');
    await contexts.keepFor(waits('run_1', 2));
    clock.time += 2 * DAY + AFTERWARDS;
    expect(await there()).toEqual([false, false]);
    await contexts.letGo(waits('run_1', 2));
    expect(await there()).toEqual([false, false]);
  });

  it('is not there for runs of other correlations and workspaces', async () => {
    await contexts.keepFor({ ...waits('run_1', 90), correlationId: 'cor_2' });
    await contexts.keepFor({ ...waits('run_1', 90), workspaceId: 'ws_9' });
    await write('run_2');
    clock.time += AFTERWARDS;
    expect(await there()).toEqual([false, false]);
  });
});

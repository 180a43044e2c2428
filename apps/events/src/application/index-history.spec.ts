import { describe, expect, it } from '@jest/globals';
import type { AggregateBucket, HistoryPage, ItemResult } from '@millrace/history';
import { History } from '@millrace/history';
import { Clock } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { Metrics, PinoLog } from '@millrace/observability';
import { IndexHistory } from './index-history';
import { Measures } from './measures';

class StillClock extends Clock {
  override now(): number {
    return 1_000;
  }
}

interface Bulk {
  readonly ids: readonly string[];
  readonly answer: (results: readonly ItemResult[]) => void;
  readonly fail: () => void;
}

/** A store that answers each bulk when the test says so. */
class HeldHistory extends History {
  readonly bulks: Bulk[] = [];
  private arrived = Promise.withResolvers<void>();

  override append(events: readonly LoggedEvent[]): Promise<readonly ItemResult[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly ItemResult[]>();
    this.bulks.push({ ids: events.map(({ id }) => id), answer: resolve, fail: () => reject(new Error('away')) });
    this.arrived.resolve();
    return promise;
  }

  async bulk(index: number): Promise<Bulk> {
    for (;;) {
      const bulk = this.bulks[index];
      if (bulk !== undefined) return bulk;
      this.arrived = Promise.withResolvers();
      await this.arrived.promise;
    }
  }

  override get = async (): Promise<undefined> => undefined;
  override search = async (): Promise<HistoryPage> => ({ items: [] });
  override searchWidely = async (): Promise<HistoryPage> => ({ items: [] });
  override aggregate = async (): Promise<readonly AggregateBucket[]> => [];
  override workspaces = async (): Promise<readonly string[]> => [];
  override drop = async (): Promise<number> => 0;
  override remove = async (): Promise<number> => 0;
  override close = async (): Promise<void> => undefined;
}

const stored: ItemResult = { kind: 'stored' };

function event(id: string, more: Partial<LoggedEvent> = {}): LoggedEvent {
  return {
    ...{ id, workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new Uint8Array(2), correlationId: 'req_1' },
    ...{ actor: { kind: 'user', id: 'ada' }, source: {}, position: { epoch: 'e', offset: 1n }, recordedAt: 1 },
    ...more,
  };
}

function desk(rest: () => Promise<void> = () => Promise.resolve()) {
  const history = new HeldHistory();
  const parts = { history, clock: new StillClock(), measures: new Measures(new Metrics('events')), log: new PinoLog('events', 'silent') };
  return { history, index: new IndexHistory({ ...parts, chance: () => 0.5, rest }) };
}

describe('indexing the history', () => {
  it('hands a lone event to the store at once', async () => {
    const { history, index } = desk();
    const outcome = index.index(event('a'), { attempt: 1 });
    const bulk = await history.bulk(0);
    expect(bulk.ids).toEqual(['a']);
    bulk.answer([stored]);
    expect(await outcome).toEqual({ kind: 'done' });
  });

  it('answers each event with what the store said of it alone', async () => {
    const { history, index } = desk();
    const outcomes = ['a', 'b', 'c'].map((id) => index.index(event(id), { attempt: 2 }));
    const bulk = await history.bulk(0);
    expect(bulk.ids).toEqual(['a', 'b', 'c']);
    bulk.answer([stored, { kind: 'busy', reason: 'full queue' }, { kind: 'refused', reason: 'no such field' }]);
    expect(await Promise.all(outcomes)).toEqual([
      { kind: 'done' },
      { kind: 'retry', delay: 1_000, reason: 'full queue' },
      { kind: 'dead', reason: 'no such field' },
    ]);
  });

  it('never indexes what is only for the log', async () => {
    const { history, index } = desk();
    expect(await index.index(event('a', { keep: 'log' }), { attempt: 1 })).toEqual({ kind: 'done' });
    expect(history.bulks).toEqual([]);
  });

  it('tries all again when the store fails as a whole, and what it says nothing about', async () => {
    const { history, index } = desk();
    const first = index.index(event('a'), { attempt: 1 });
    (await history.bulk(0)).fail();
    expect(await first).toMatchObject({ kind: 'retry', delay: 500 });
    const second = [index.index(event('b'), { attempt: 1 }), index.index(event('c'), { attempt: 1 })];
    (await history.bulk(1)).answer([stored]);
    expect((await Promise.all(second)).map(({ kind }) => kind)).toEqual(['done', 'retry']);
  });

  it('keeps two bulks in flight and gathers the rest meanwhile', async () => {
    const { history, index } = desk();
    void index.index(event('a'), { attempt: 1 });
    await history.bulk(0);
    void index.index(event('b'), { attempt: 1 });
    const second = await history.bulk(1);
    const rest = ['c', 'd', 'e'].map((id) => index.index(event(id), { attempt: 1 }));
    await Promise.resolve();
    expect(history.bulks).toHaveLength(2);
    second.answer([stored]);
    const third = await history.bulk(2);
    expect(third.ids).toEqual(['c', 'd', 'e']);
    third.answer([stored, stored, stored]);
    await Promise.all(rest);
  });

  it('gathers what comes while the store rests, and sends a backlog without any rest', async () => {
    const rests: (() => void)[] = [];
    const { history, index } = desk(() => new Promise((resolve) => rests.push(resolve)));
    void index.index(event('a'), { attempt: 1 });
    (await history.bulk(0)).answer([stored]);
    for (const id of ['b', 'c']) void index.index(event(id), { attempt: 1 });
    await Promise.resolve();
    expect(history.bulks).toHaveLength(1);
    rests[0]?.();
    expect((await history.bulk(1)).ids).toEqual(['b', 'c']);
    for (let count = 0; count < 501; count++) void index.index(event(`d${count}`), { attempt: 1 });
    rests[1]?.();
    expect((await history.bulk(2)).ids).toHaveLength(500);
    (await history.bulk(1)).answer([stored, stored]);
    expect((await history.bulk(3)).ids).toHaveLength(1);
  });

  it('makes bulks of at most 500 events and 4 MiB', async () => {
    const { history, index } = desk();
    for (let count = 0; count < 501; count++) void index.index(event(`a${count}`), { attempt: 1 });
    expect((await history.bulk(0)).ids).toHaveLength(500);
    expect((await history.bulk(1)).ids).toHaveLength(1);
    const { history: other, index: heavy } = desk();
    for (const id of ['a', 'b', 'c']) void heavy.index(event(id, { payload: new Uint8Array(2 * 1024 * 1024 + 1) }), { attempt: 1 });
    expect((await other.bulk(0)).ids).toEqual(['a']);
    expect((await other.bulk(1)).ids).toEqual(['b']);
  });
});

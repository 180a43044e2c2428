import { describe, expect, it } from '@jest/globals';
import { History, type AggregateBucket, type AggregateQuery } from '@millrace/history';
import type { Principal } from '@millrace/kernel';
import { Metrics } from '@millrace/observability';
import { permitted } from '../../../testing/permitted';
import { Measures } from '../measures';
import { Readable } from '../reading/readable';
import { AggregateEvents, type Aggregation } from './aggregate-events';

/** Has three orders, and remembers what it was asked. */
class CountedHistory extends History {
  readonly asked: AggregateQuery['by'][] = [];
  /** Called with each question. */
  constructor(private readonly answering: () => void = () => undefined) {
    super();
  }
  override async aggregate({ by, signal }: AggregateQuery): Promise<readonly AggregateBucket[]> {
    this.asked.push(by);
    this.answering();
    signal?.throwIfAborted();
    return [
      { value: 3, count: 2 },
      { value: 5, count: 1 },
    ];
  }
  private readonly unasked = (): never => {
    throw new Error('Nobody asked for that.');
  };
  override append = async () => this.unasked();
  override get = async () => this.unasked();
  override search = async () => this.unasked();
  override searchWidely = async () => this.unasked();
  override workspaces = async () => this.unasked();
  override drop = async () => this.unasked();
  override remove = async () => this.unasked();
  override close = async () => this.unasked();
}

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const readable = new Readable(permitted(ada, 'read'));
const TOTAL = 'payload.total';
const all: Aggregation = { workspaceId: 'ws_1', types: [], where: '', levels: [], measures: [{ op: 'sum', of: TOTAL }], readable };

function counting(history: History, patience = new AbortController()): AggregateEvents {
  return new AggregateEvents({ history, measures: new Measures(new Metrics('events')), patience: () => patience.signal });
}

describe('counting', () => {
  it('asks for the values of a field once, however much is to be found out about them', async () => {
    const history = new CountedHistory();
    const measures = (['sum', 'max', 'avg'] as const).map((op) => ({ op, of: TOTAL }));
    const { rows } = await counting(history).run({ ...all, measures });
    expect(rows).toMatchObject([{ measures: [{ value: 11 }, { value: 5 }, { value: 11 / 3 }] }]);
    expect(history.asked.filter((by) => 'field' in by && by.field === TOTAL)).toHaveLength(1);
  });

  it('gives up on what takes too long, and says what to do', async () => {
    const patience = new AbortController();
    const history = new CountedHistory(() => {
      if (history.asked.length === 2) patience.abort();
    });
    await expect(counting(history, patience).run(all)).rejects.toMatchObject({ code: 'events.too_costly', refusal: 'invalid' });
    expect(history.asked).toHaveLength(2);
  });

  it('says so when the history fails', async () => {
    const history = new CountedHistory(() => {
      throw new Error('disk gone');
    });
    await expect(counting(history).run(all)).rejects.toThrow('disk gone');
  });
});

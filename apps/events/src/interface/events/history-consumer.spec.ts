import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { History, SqliteHistory, type HistoryMark, type ItemResult } from '@millrace/history';
import { SqliteEventLog, type LoggedEvent, type NewEvent } from '@millrace/messaging';
import { Metrics, PinoLog } from '@millrace/observability';
import { Chance } from '@millrace/testing';
import { IndexHistory } from '../../application/index-history';
import { Measures } from '../../application/measures';
import { HistoryConsumer } from './history-consumer';

const EVENTS = 1_000;
const REASON = 'The store does not take the event: mapper_parsing_exception.';
const clock = { now: () => Date.now() };

/** A store that has no time for some events, now and then, and never takes others. */
class ChoosyHistory extends History {
  /** How often each was sent, and how often there was no time for it. */
  readonly sent = new Map<string, number>();
  readonly put = new Map<string, number>();
  /** Resolves when it has taken each event or refused it. */
  readonly settled: Promise<void>;
  private readonly chance = new Chance(5);
  private readonly done = new Set<string>();
  private readonly onDone: () => void;

  constructor(private readonly store: History) {
    super();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.settled = promise;
    this.onDone = resolve;
  }

  override async append(events: readonly LoggedEvent[]): Promise<readonly ItemResult[]> {
    const results = events.map((event) => this.judge(event.id));
    const answers = (await this.store.append(events.filter((_, index) => results[index] === undefined))).values();
    const all = results.map((result): ItemResult => result ?? answers.next().value ?? { kind: 'busy', reason: 'no answer' });
    events.forEach(({ id }, index) => all[index]?.kind === 'busy' || this.done.add(id));
    if (this.done.size === EVENTS) this.onDone();
    return all;
  }

  override get: History['get'] = (...asked) => this.store.get(...asked);
  override search: History['search'] = (...asked) => this.store.search(...asked);
  override searchWidely: History['searchWidely'] = (...asked) => this.store.searchWidely(...asked);
  override aggregate: History['aggregate'] = (...asked) => this.store.aggregate(...asked);
  override workspaces: History['workspaces'] = (...asked) => this.store.workspaces(...asked);
  override drop: History['drop'] = (...asked) => this.store.drop(...asked);
  override remove: History['remove'] = (...asked) => this.store.remove(...asked);
  override close: History['close'] = () => this.store.close();

  private judge(id: string): ItemResult | undefined {
    count(this.sent, id);
    if (isBad(id)) return { kind: 'refused', reason: REASON };
    if (!this.chance.happens(0.05)) return undefined;
    count(this.put, id);
    return { kind: 'busy', reason: '429' };
  }
}

const count = (counts: Map<string, number>, id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1);
const isBad = (id: string): boolean => id.endsWith('77');

const event = (id: string): NewEvent => ({
  ...{ id, workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new TextEncoder().encode('{}'), correlationId: 'c' },
  ...{ actor: { kind: 'user', id: 'ada' }, source: {} },
});
const ids = Array.from({ length: EVENTS }, (_, index) => `e${index}`);

describe('a history whose store is choosy', () => {
  let eventLog: SqliteEventLog;
  let history: ChoosyHistory;
  let consumer: HistoryConsumer;

  beforeEach(async () => {
    eventLog = new SqliteEventLog({ file: ':memory:', clock });
    history = new ChoosyHistory(await SqliteHistory.open({ path: ':memory:' }));
    const [measures, log] = [new Measures(new Metrics('events')), new PinoLog('events', 'silent')];
    const rest = () => Promise.resolve();
    consumer = new HistoryConsumer(eventLog, new IndexHistory({ history, clock, measures, log, chance: () => 0, rest }));
    await consumer.onApplicationBootstrap();
  });

  afterEach(async () => {
    await consumer.beforeApplicationShutdown();
    await eventLog.close();
    await history.close();
  });

  async function kept(): Promise<readonly string[]> {
    const found: string[] = [];
    for (let after: HistoryMark | undefined; ;) {
      const { items, next } = await history.search({
        workspaceId: 'ws_1',
        sort: 'oldest',
        limit: 200,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...items.map(({ id }) => id));
      if (next === undefined) return found;
      after = next;
    }
  }

  it('has each event once; only what was put off is sent again, and what is never taken is a dead letter with the reason', async () => {
    await eventLog.append(ids.map(event));
    await history.settled;
    const good = ids.filter((id) => !isBad(id));
    expect((await kept()).toSorted()).toEqual(good.toSorted());
    expect(history.put.size).toBeGreaterThan(EVENTS / 40);
    expect(ids.filter((id) => history.sent.get(id) !== 1 + (history.put.get(id) ?? 0))).toEqual([]);
    let letters = await eventLog.dead('history').list(100);
    while (letters.length < EVENTS / 100) letters = await eventLog.dead('history').list(100);
    expect(letters.map((letter) => [letter.event.id, letter.reason])).toEqual(ids.filter(isBad).map((id) => [id, REASON]));
  });
});

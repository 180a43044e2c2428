import { describe, expect, it } from '@jest/globals';
import type { Status } from '../ledger.mjs';
import { isBroken } from '../verdict.mjs';
import { judge } from './checks.mjs';
import type { Evidence, Logged } from './evidence.mjs';
import { Watch } from './watching/watch.mjs';

const logged = (n: number, type: string, more: Partial<Logged> = {}): Logged => ({
  ...{ id: `e${n}`, type, key: 'k', workspace: 'ws', offset: BigInt(n + 1), recordedAt: 5, n, lane: 0 },
  ...more,
});

const LOG = [
  logged(0, 'chaos.told'),
  logged(1, 'chaos.asked'),
  logged(1, 'chaos.echoed', { id: 'x1', offset: 3n }),
  logged(2, 'chaos.told', { offset: 4n, lane: 1 }),
];

const sent = (n: number, type: string, batch: number, status: Status = 'ok') => ({
  ...{ id: `e${n}`, type, n, key: 'k', workspace: 'ws', batch, status },
});
const SENT = [sent(0, 'chaos.told', 0), sent(1, 'chaos.asked', 0), sent(2, 'chaos.told', 1)];
const ids = (log: readonly Logged[]): string[] => log.map(({ id }) => id);

/** Somebody who sees these, from the beginning or behind an offset, before it is told what else there is to know. */
function watching(events: readonly Logged[], begun = 0): Watch {
  const watch = new Watch('socket', 'ws', { name: 'all', types: ['chaos.>'], fits: () => true });
  watch.enters(`e-${begun}`);
  for (const event of events) watch.take(event, `e-${event.offset}`);
  return watch;
}

const GOOD: Evidence = {
  sent: SENT,
  log: LOG,
  answers: [{ workspace: 'ws', lane: undefined, pages: [ids(LOG.slice(0, 2)), ids(LOG.slice(2))], count: 4 }],
  watches: [watching(LOG)],
};
const answering = (pages: readonly (readonly string[])[], count: number | undefined = 4): Evidence => ({
  ...GOOD,
  answers: [{ workspace: 'ws', lane: undefined, pages, count }],
});
const seenBy = (watch: Watch): Evidence => ({ ...GOOD, watches: [watch] });

const broken = (evidence: Evidence): readonly string[] =>
  judge(evidence)
    .filter(isBroken)
    .map(({ promise }) => promise);

function told(events: readonly Logged[], from: string, rest: readonly Logged[]): Watch {
  const watch = watching(events);
  watch.loses('expired', from);
  for (const event of rest) watch.take(event, `e-${event.offset}`);
  return watch;
}

describe('what is left of events after the kills', () => {
  it('is good when each was kept, found and seen once', () => {
    expect(broken(GOOD)).toEqual([]);
  });

  it('owes nobody what was before it began, nor what it was told to have lost', () => {
    expect(broken(seenBy(watching(LOG.slice(2), 2)))).toEqual([]);
    expect(broken(seenBy(told(LOG.slice(0, 1), 'e-3', LOG.slice(3))))).toEqual([]);
  });

  it('has a history in the order of recording, where clocks differ from the order of the log', () => {
    const [first, second, ...rest] = LOG as [Logged, Logged, ...Logged[]];
    const log = [{ ...first, recordedAt: 6 }, second, ...rest];
    const found = ids([second, ...rest, first]);
    expect(broken({ ...answering([found.slice(0, 2), found.slice(2)]), log })).toEqual([]);
  });

  it.each<[string, string, Evidence]>([
    ['an accepted event that is gone', 'accepted events lost', { ...GOOD, log: LOG.slice(0, 3) }],
    ['an event that is on the log twice', 'events doubled on the log', { ...GOOD, log: [...LOG, logged(2, 'chaos.told')] }],
    [
      'an event that is in another workspace',
      'events in a foreign workspace',
      { ...GOOD, log: [...LOG.slice(0, 3), logged(2, 'chaos.told', { workspace: 'other' })] },
    ],
    [
      'a key whose events changed places',
      'keys out of order',
      { ...GOOD, log: [LOG[3], ...LOG.slice(0, 3)].filter((event) => event !== undefined) },
    ],
    ['a question without an answer', 'automations answered not once', { ...GOOD, log: LOG.filter(({ id }) => id !== 'x1') }],
    ['an answer told twice', 'automations answered not once', { ...GOOD, log: [...LOG, logged(1, 'chaos.echoed', { id: 'x2' })] }],
    ['a history that lacks one', 'events missing in the history', answering([['e0', 'e1'], ['x1']], 4)],
    ['a history that knows more', 'events in the history that are not on the log', answering([['e0', 'e1'], ['x1', 'e2'], ['e9']])],
    ['a search that finds one twice', 'searches doubled or out of order', answering([['e0', 'e1'], ['x1', 'x1'], ['e2']])],
    [
      'a search in another order',
      'searches doubled or out of order',
      answering([
        ['e1', 'e0'],
        ['x1', 'e2'],
      ]),
    ],
    ['a page that was cut before it was filtered', 'pages not full', answering([['e0', 'e1'], ['x1'], ['e2']])],
    [
      'a count of what may not be seen',
      'counts that lie',
      answering(
        [
          ['e0', 'e1'],
          ['x1', 'e2'],
        ],
        7,
      ),
    ],
    ['a subscriber that lacks one', 'events not delivered', seenBy(watching([...LOG.slice(0, 1), ...LOG.slice(2)]))],
    ['a gap told too small', 'events not delivered', seenBy(told(LOG.slice(0, 1), 'e-2', LOG.slice(3)))],
    [
      'a subscriber that gets what it did not want',
      'events delivered that were not asked for',
      seenBy(Object.assign(watching(LOG), { wish: { name: 'lane 0', types: ['chaos.>'], fits: ({ lane }: Logged) => lane === 0 } })),
    ],
    ['a subscriber that sees elsewhere', 'events of another workspace delivered', seenBy(watching([...LOG, logged(9, 'chaos.told')]))],
    ['an event seen again after a resume', 'deliveries doubled above the resume point', seenBy(watching([...LOG, ...LOG.slice(3)]))],
    ['an event seen behind a later one', 'deliveries out of order', seenBy(watching([...LOG.slice(1), ...LOG.slice(0, 1)]))],
  ])('is broken by %s', (_, promise, evidence) => {
    expect(broken(evidence)).toContain(promise);
  });
});

import { describe, expect, it } from '@jest/globals';
import { isBroken } from '../verdict.mjs';
import { judge } from './checks.mjs';
import type { Evidence, Fact } from './evidence.mjs';

const fact = (id: string, type: string, payload: Fact['payload'], key?: string): Fact => ({ id, type, key, recordedAt: 0, payload });

const end = (automation: string, event: string): Fact =>
  fact(`end-${event}`, 'runtime.runs.finished', { automation, outcome: 'succeeded', trigger: { type: 'event', id: event } });

const sent = (id: string, type: string, n: number, batch: number) => ({
  id,
  type,
  n,
  key: 'k',
  workspace: '',
  batch,
  status: 'ok' as const,
});

const call = (n: number, serial: number, idempotencyKey = `run-${n}`) => ({ n, key: 'k', idempotencyKey, body: `{"n":${n}}`, serial });

/** Two events that count and two that call, all of one key, with everything as it should be. */
const GOOD: Evidence = {
  sent: [sent('e0', 'chaos.counted', 0, 0), sent('e1', 'chaos.called', 1, 0), sent('e2', 'chaos.called', 2, 1)],
  log: [
    fact('e0', 'chaos.counted', { n: 0, key: 'k' }, 'k'),
    fact('e1', 'chaos.called', { n: 1, key: 'k' }, 'k'),
    fact('e2', 'chaos.called', { n: 2, key: 'k' }, 'k'),
    end('count', 'e0'),
    fact('h1', 'chaos.heard', { n: 1, serial: 1 }),
    end('call', 'e1'),
    fact('h2', 'chaos.heard', { n: 2, serial: 2 }),
    end('call', 'e2'),
  ],
  history: new Set(['e0', 'e1', 'e2', 'end-e0', 'end-e1', 'end-e2', 'h1', 'h2']),
  calls: [call(1, 0), call(1, 1), call(2, 2)],
  seen: new Map([['k', [0, 1, 2]]]),
  counters: { counted: 1, calling: 2, called: 2 },
  left: { runs: [], marks: [], waits: [], timers: [], dead: [] },
  mostRepeated: 1,
};

const broken = (evidence: Evidence): readonly string[] =>
  judge(evidence)
    .filter(isBroken)
    .map(({ promise }) => promise);

const without = (id: string): Evidence => ({ ...GOOD, log: GOOD.log.filter((one) => one.id !== id) });

const withStatus = (id: string, status: 'failed' | 'unknown'): Evidence => ({
  ...GOOD,
  sent: GOOD.sent.map((one) => (one.id === id ? { ...one, status } : one)),
});

describe('what is left after the kills', () => {
  it('is good when each effect is there once', () => {
    expect(broken(GOOD)).toEqual([]);
  });

  it('may have an event nobody answered for, or not', () => {
    expect(broken(withStatus('e2', 'unknown'))).toEqual([]);
  });

  it('may have the beginning of a batch, and nothing else of it, when the server of the log was killed', () => {
    const unanswered = (id: string): Evidence => ({
      ...without(id),
      sent: GOOD.sent.map((one) => ({ ...one, status: 'unknown' as const })),
    });
    const isHalf = (evidence: Evidence): boolean => broken(evidence).includes('batches taken by half');
    expect([unanswered('e1'), { ...unanswered('e1'), mayBeBegun: true }, { ...unanswered('e0'), mayBeBegun: true }].map(isHalf)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('may have a late call of a process that stood still, after another one has made it', () => {
    const late = { ...GOOD, calls: [call(1, 0), call(2, 1), call(1, 2)], mostRepeated: 9 };
    expect(broken(late)).toContain('keys out of order');
    expect(broken({ ...late, stoodStill: true })).not.toContain('keys out of order');
  });

  it.each<[string, string, Evidence]>([
    ['an accepted event that is gone', 'accepted events lost', without('e0')],
    ['a refused event that is there', 'refused events accepted', withStatus('e2', 'failed')],
    ['one half of a batch', 'batches taken by half', without('e0')],
    ['an event from nowhere', 'events nobody sent', { ...GOOD, sent: GOOD.sent.slice(0, 2) }],
    ['an event without its run', 'runs lost', without('end-e1')],
    ['a run that ended twice', 'runs finished twice', { ...GOOD, log: [...GOOD.log, { ...end('call', 'e1'), id: 'again' }] }],
    ['a missing emit', 'emitted events missing or told twice', without('h1')],
    [
      'an emit under a second id',
      'emitted events missing or told twice',
      { ...GOOD, log: [...GOOD.log, fact('h3', 'chaos.heard', { n: 2, serial: 2 })] },
    ],
    ['a lost increment', 'counters that lie', { ...GOOD, counters: { ...GOOD.counters, called: 1 } }],
    ['an increment done again', 'counters that lie', { ...GOOD, counters: { ...GOOD.counters, calling: 3 } }],
    ['a call that was never made', 'calls never made', { ...GOOD, calls: GOOD.calls.slice(0, 2) }],
    ['more repeated calls than kills explain', 'calls repeated', { ...GOOD, mostRepeated: 0 }],
    [
      'a call repeated under another key',
      'calls repeated with another key or body',
      { ...GOOD, calls: [call(1, 0), call(1, 1, 'new'), call(2, 2)] },
    ],
    ['calls out of order', 'keys out of order', { ...GOOD, calls: [call(2, 0), call(1, 1), call(2, 2)], mostRepeated: 9 }],
    ['runs out of order', 'keys out of order', { ...GOOD, seen: new Map([['k', [1, 0, 2]]]) }],
    ['a push that is missing', 'keys out of order', { ...GOOD, seen: new Map([['k', [0, 2]]]) }],
    ['a run nobody took on', 'runs left unfinished', { ...GOOD, left: { ...GOOD.left, runs: ['run_1'] } }],
    ['a wait without a run', 'waits left over', { ...GOOD, left: { ...GOOD.left, waits: ['wt_1'] } }],
    ['a dead letter', 'dead letters', { ...GOOD, left: { ...GOOD.left, dead: ['e0'] } }],
    ['a history that lags for ever', 'events missing in the history', { ...GOOD, history: new Set(['e0']) }],
  ])('is broken by %s', (_, promise, evidence) => {
    expect(broken(evidence)).toContain(promise);
  });

  it('is broken by a run that failed', () => {
    const failed = fact('end-e0', 'runtime.runs.finished', { ...end('count', 'e0').payload, outcome: 'failed', error: 'language.type' });
    expect(broken({ ...GOOD, log: GOOD.log.map((one) => (one.id === 'end-e0' ? failed : one)) })).toEqual(['runs failed']);
  });
});

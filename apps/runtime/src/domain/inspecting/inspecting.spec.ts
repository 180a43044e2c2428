import { describe, expect, it } from '@jest/globals';
import type { Effect } from '@millrace/language';
import type { Run } from '../run';
import type { RunRecord } from '../records/run-record';
import { endedView, liveView } from './run-view';

const place = { automation: 'a', file: 'a.yaml', line: 3, column: 1 };
const run: Run = {
  ...{ id: 'run_1', workspaceId: 'ws_1', digest: 'd', slug: 'a', trigger: { type: 'test', value: 'a', id: 'r' }, correlationId: 'c' },
  ...{ causationId: 'r', depth: 1, startedAt: 10, deadline: 1_000, priority: 'normal', record: 'full', replayOf: 'run_0' },
};

function outstanding(id: string, kind: Effect['kind'], request: object) {
  return { effect: { id, kind, request, place, blocks: true, parks: true } as unknown as Effect };
}

describe('a run that goes on', () => {
  it('shows what it waits for', () => {
    const waits = [
      outstanding('0', 'approve', { title: 'Pay?', until: 50 }),
      outstanding('1', 'fetch', { url: 'x' }),
      outstanding('2', 'wait', { oneOf: [{ event: 'paid' }], until: 60 }),
      outstanding('3', 'approve', { until: 70 }),
    ];
    const steps = [{ step: '0', kind: 'approve', automation: 'a', line: 3, startedAt: 11 }];
    const view = liveView({ run, state: 'parked', outstanding: waits, steps, resting: false });
    expect(view).toMatchObject({ id: 'run_1', state: 'parked', replayOf: 'run_0' });
    expect(view.waitsFor).toEqual([
      { step: '0', kind: 'approve', automation: 'a', line: 3, since: 11, until: 50, events: [], title: 'Pay?' },
      { step: '1', kind: 'fetch', automation: 'a', line: 3, events: [] },
      { step: '2', kind: 'wait', automation: 'a', line: 3, until: 60, events: ['paid'] },
      { step: '3', kind: 'approve', automation: 'a', line: 3, until: 70, events: [] },
    ]);
  });
});

describe('a run that has ended', () => {
  const record: RunRecord = {
    ...{ run: 'run_1', automation: 'a', digest: 'd', trigger: run.trigger, outcome: 'failed', startedAt: 10, duration: 5 },
    error: 'x.y',
  };

  it('shows why it failed, as far as that was kept', () => {
    expect(endedView(record, 'c')).toMatchObject({ state: 'failed', endedAt: 15, error: { code: 'x.y' } });
    const failure = { code: 'x.y', message: 'm', line: 3 };
    expect(endedView({ ...record, failure }, 'c').error).toEqual(failure);
  });

  it('shows what it gave, why it was cancelled, and what it repeats', () => {
    const { error: _, ...rest } = record;
    expect(endedView({ ...rest, outcome: 'succeeded', output: null, replayOf: 'run_0' }, 'c')).toMatchObject({
      output: null,
      replayOf: 'run_0',
    });
    expect(endedView({ ...rest, outcome: 'cancelled', reason: 'no' }, 'c')).toMatchObject({ state: 'cancelled', reason: 'no' });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Effect } from '@millrace/language';
import { assumed, endOfReplay, hasStrayed, isAnswered, isTold, keptResult, resultsOf } from './replay';
import type { RunRecord } from './records/run-record';

const step = { automation: 'a', line: 1, startedAt: 0 };
const record: RunRecord = {
  ...{ run: 'run_1', automation: 'a', digest: 'd', trigger: { type: 'test', value: 'a', id: 'r' } },
  ...{ outcome: 'succeeded', startedAt: 0, duration: 1 },
  steps: [
    { ...step, step: '0', kind: 'fetch', endedAt: 1, output: { status: 200 } },
    { ...step, step: '1', kind: 'emit' },
    { ...step, step: '2', kind: 'fetch', endedAt: 1, error: { code: 'x.y', message: 'm' } },
    { ...step, step: '3', kind: 'fetch' },
    { ...step, step: '4', kind: 'sleep', endedAt: 1 },
  ],
};

const effect = (kind: Effect['kind'], id = '0'): Effect => ({ id, kind, request: {}, blocks: true, parks: false }) as unknown as Effect;

describe('what a replay is answered with', () => {
  it('is what came of the steps before the one it begins from', () => {
    expect(resultsOf(record, { effects: 'live' })).toEqual({});
    expect(resultsOf(record, { effects: 'live', fromStep: '4' })).toEqual({
      '0': { kind: 'fetch', value: { status: 200 } },
      '1': { kind: 'emit', value: null },
      '2': { kind: 'fetch', error: { code: 'x.y', message: 'm' } },
    });
  });

  it('is all there is when nothing outside is done', () => {
    expect(Object.keys(resultsOf(record, { effects: 'blocked' }))).toEqual(['0', '1', '2', '4']);
    const { steps: _, ...bare } = record;
    expect(resultsOf(bare, { effects: 'blocked' })).toEqual({});
  });

  it('has to be complete before a step, and the step has to be there', () => {
    const large = { ...step, step: '9', kind: 'fetch', endedAt: 1, output: { omitted: 'too large', size: 9_000 } };
    const holey = { ...record, steps: [large, ...(record.steps ?? [])] };
    expect(() => resultsOf(record, { effects: 'live', fromStep: 'x' })).toThrow(expect.objectContaining({ code: 'runtime.step_unknown' }));
    const incomplete = expect.objectContaining({ code: 'runtime.replay_incomplete' });
    expect(() => resultsOf(holey, { effects: 'live', fromStep: '4' })).toThrow(incomplete);
    expect(() => resultsOf({ ...record, omittedSteps: 1 }, { effects: 'live', fromStep: '4' })).toThrow(incomplete);
    expect(Object.keys(resultsOf(holey, { effects: 'blocked' }))).not.toContain('9');
  });

  it('is that of a step of the same kind only', () => {
    const replay = { effects: 'live', results: resultsOf(record, { effects: 'live', fromStep: '4' }) } as const;
    expect(keptResult(replay, effect('fetch'))).toEqual({ kind: 'fetch', value: { status: 200 } });
    expect(keptResult(replay, effect('sleep'))).toBeUndefined();
    expect(keptResult(replay, effect('fetch', 'constructor'))).toBeUndefined();
  });
});

describe('an effect of a replay', () => {
  const live = { effects: 'live', fromStep: '4', results: resultsOf(record, { effects: 'live', fromStep: '4' }) } as const;
  const blocked = { effects: 'blocked', results: {} } as const;

  it('is performed unless its result is kept, or nothing outside is done', () => {
    expect(isAnswered(undefined, effect('fetch'))).toBe(false);
    expect([isAnswered(live, effect('fetch')), isAnswered(live, effect('fetch', '3'))]).toEqual([true, false]);
    expect([isAnswered(blocked, effect('wait')), isAnswered(blocked, effect('load'))]).toEqual([true, false]);
  });

  it('has strayed when another kind of step has its place, and is not performed then', () => {
    expect([hasStrayed(live, effect('sleep')), isAnswered(live, effect('sleep'))]).toEqual([true, true]);
    for (const fine of [effect('fetch'), effect('load'), effect('sleep', '3')]) expect(hasStrayed(live, fine)).toBe(false);
    expect(hasStrayed({ ...live, effects: 'blocked' }, effect('sleep'))).toBe(false);
  });

  it('is told to others unless it was before', () => {
    expect(isTold(undefined, effect('emit'), false)).toBe(true);
    expect(isTold({ effects: 'live', results: { '4': { kind: 'fetch', value: null } } }, effect('emit', '4'), false)).toBe(false);
    expect([isTold(live, effect('emit', '1'), true), isTold(live, effect('emit', '5'), false)]).toEqual([false, true]);
    expect([isTold(live, effect('write', '7'), false), isTold(live, effect('write', '7'), true)]).toEqual([false, true]);
    expect([isTold({ effects: 'live', results: {} }, effect('write'), false), isTold(blocked, effect('emit'), true)]).toEqual([
      true,
      false,
    ]);
  });

  it('goes on with what can be assumed', () => {
    expect([assumed(effect('sleep')), assumed(effect('fetch'))]).toEqual([null, undefined]);
    expect(assumed(effect('rateLimit'))).toMatchObject({ ok: true });
  });
});

describe('the end of a replay', () => {
  const live = { effects: 'live', fromStep: '4', results: {} } as const;

  it('is no good one when it never came to the step from which it was to be done again', () => {
    const [output, error] = [{ output: 1 }, { error: { code: 'x.y', refusal: 'invalid', message: 'm' } }] as const;
    expect(endOfReplay(live, output, () => false)).toMatchObject({ error: { code: 'runtime.replay_strayed', refusal: 'conflict' } });
    expect(endOfReplay(live, output, (step) => step === '4')).toBe(output);
    expect(endOfReplay(live, error, () => false)).toBe(error);
    for (const other of [undefined, { effects: 'live', results: {} } as const, { ...live, effects: 'blocked' } as const]) {
      expect(endOfReplay(other, output, () => false)).toBe(output);
    }
  });
});

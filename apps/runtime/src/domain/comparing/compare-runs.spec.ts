import { describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../records/run-record';
import type { StepRecord } from '../records/step-record';
import { compareRuns, placeOf } from './compare-runs';
import { differences } from './differences';

const step = (name: string, more: Partial<StepRecord> = {}): StepRecord => ({
  ...{ step: name, kind: 'fetch', automation: 'a', line: 3, startedAt: 10, endedAt: 20, input: { url: 'x' }, output: { status: 200 } },
  ...more,
});
const record = (steps: readonly StepRecord[], more: Partial<RunRecord> = {}): RunRecord => ({
  ...{ run: 'run_1', automation: 'a', digest: 'd', trigger: { type: 'test', value: 'a', id: 'r' }, outcome: 'succeeded' },
  ...{ startedAt: 10, duration: 5, output: { ok: true }, steps, ...more },
});
const shown = (one: readonly StepRecord[], other: readonly StepRecord[]) =>
  compareRuns(record(one), record(other)).steps.map((both) => [both.run?.step, both.other?.step, ...both.differences]);

describe('two runs side by side', () => {
  it('are alike when the same was asked and came of it, whenever that was', () => {
    const later = step('0', { startedAt: 1_000, endedAt: 2_000 });
    expect(compareRuns(record([step('0')]), record([later], { run: 'run_2', startedAt: 990, duration: 9 }))).toEqual({
      ...{ steps: [{ run: step('0'), other: later, differences: [] }], differences: [], omitted: 0 },
    });
  });

  it('differ first where something else was asked or came of it', () => {
    const other = [
      step('0'),
      step('1', { output: { status: 503, tries: [1] } }),
      step('2', { error: { code: 'e', message: 'm' }, attempts: 2 }),
    ];
    const comparison = compareRuns(record([step('0'), step('1'), step('2')]), record(other));
    expect(comparison.first).toBe('1');
    expect(comparison.steps.map((both) => both.differences)).toEqual([[], ['/output/status', '/output/tries'], ['/attempts', '/error']]);
  });

  it('differ in how they ended', () => {
    const failed = { outcome: 'failed', digest: 'e', error: 'x.y' } as const;
    const { output: _, ...other } = record([], failed);
    expect(compareRuns(record([]), other).differences).toEqual(['/digest', '/state', '/output', '/error']);
    const { steps: _steps, ...bare } = record([], { outcome: 'cancelled', reason: 'no' });
    expect(compareRuns(bare, record([])).differences).toEqual(['/state', '/reason']);
    expect(compareRuns(record([]), bare).first).toBeUndefined();
  });

  it('are paired by place: what one alone did stands where it did it', () => {
    expect(shown([step('0'), step('1'), step('3')], [step('0'), step('2'), step('3'), step('4')])).toEqual([
      ['0', '0'],
      ['1', undefined, ''],
      [undefined, '2', ''],
      ['3', '3'],
      [undefined, '4', ''],
    ]);
    expect(shown([step('a'), step('b')], [step('b'), step('c'), step('a')])).toEqual([
      [undefined, 'c', ''],
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(placeOf({ other: step('7'), differences: [] })).toBe('7');
    expect(placeOf({ differences: [] })).toBe('');
  });

  it('do not differ in the ids and times that no two runs share', () => {
    const emit = (id: string, no: number) => step('0', { kind: 'emit', input: { id, event: 'e', source: { run: id }, payload: { no } } });
    expect(shown([emit('evt_1', 1)], [emit('evt_2', 1)])).toEqual([['0', '0']]);
    expect(shown([emit('evt_1', 1)], [emit('evt_2', 2)])).toEqual([['0', '0', '/input/payload/no']]);
    const wait = (until: number) => step('1', { kind: 'wait', input: { until, oneOf: [] } });
    expect(shown([wait(1)], [wait(2)])).toEqual([['1', '1']]);
    const { input: _input, output: _output, ...bare } = step('2');
    expect(shown([{ ...bare, input: 'x' }], [bare])).toEqual([['2', '2', '/input']]);
  });

  it('begin with the first step that both have when not all were kept', () => {
    const cut = record([step('1'), step('2')], { omittedSteps: 1 });
    expect(compareRuns(record([step('0'), step('1'), step('2')]), cut)).toMatchObject({ omitted: 1, steps: [{}, {}] });
    expect(compareRuns(record([step('0')]), cut)).toMatchObject({ omitted: 1, steps: [] });
  });
});

describe('where two values differ', () => {
  it('is said by the pointers of the parts, twenty at most', () => {
    expect(differences({ a: [1, { 'b/c~': 2 }], same: null }, { a: [1, { 'b/c~': 3 }], same: null, d: 1 })).toEqual(['/a/1/b~1c~0', '/d']);
    expect(differences([1], { 0: 1 }, '/x')).toEqual(['/x']);
    expect(differences('1', 1)).toEqual(['']);
    expect(
      differences(
        Array.from({ length: 30 }, (_, no) => no),
        [],
      ),
    ).toHaveLength(20);
  });
});

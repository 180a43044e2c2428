import { describe, expect, it } from '@jest/globals';
import type { Effect } from '@millrace/language';
import { approvalOf, isAsked, stateOf } from '../approval';
import { dueOutcomes, earliestDue, untilOf, type Outstanding } from '../checkpoint';
import { accepted, preferenceOf } from '../preference';
import { outputOf } from '../refusals';
import { isAnonymous, type Run } from '../run';
import { withBegin } from './run-begin';
import { outcomeOf, recordOf } from './run-record';
import { stepBegun, stepEnded, type StepRecord } from './step-record';

const run: Run = {
  ...{ id: 'run_1', workspaceId: 'ws_1', digest: 'd', slug: 'greet', trigger: { type: 'endpoint', value: 'greet', id: 'req-1' } },
  ...{ correlationId: 'req-1', causationId: 'req-1', depth: 1, startedAt: 1_000, deadline: 9_000, priority: 'normal', record: 'full' },
};
const place = { automation: 'greet', file: 'greet.yaml', line: 4, column: 7 };
const effectOf = (id: string, kind: string, request: unknown): Effect =>
  ({ id, kind, request, place, blocks: true, parks: true }) as unknown as Effect;
const outstanding = (...effects: readonly Effect[]): readonly Outstanding[] => effects.map((effect) => ({ effect }));

describe('a kept run', () => {
  const wait = effectOf('1', 'wait', { oneOf: [], until: 5_000 });
  const sleep = effectOf('2', 'sleep', { until: 4_000 });
  const approve = effectOf('3', 'approve', { until: 6_000 });
  const fetch = effectOf('4', 'fetch', { url: 'http://x/' });

  it('is due with the first of what it waits for, or with its own end', () => {
    expect(earliestDue({ run, outstanding: outstanding(wait, sleep, approve, fetch) })).toBe(4_000);
    expect(earliestDue({ run, outstanding: outstanding(fetch) })).toBe(9_000);
    expect(earliestDue({ run, outstanding: [], beginAt: 2_000 })).toBe(2_000);
    expect([wait, sleep, approve, fetch].map(untilOf)).toEqual([5_000, 4_000, 6_000, undefined]);
  });

  it('has of time what is over', () => {
    expect(dueOutcomes(outstanding(wait, sleep, fetch), 5_000)).toEqual([
      { effect: '1', at: 5_000, value: null },
      { effect: '2', at: 5_000, value: null },
    ]);
    expect(dueOutcomes(outstanding(wait, sleep), 3_999)).toEqual([]);
  });

  it('is nobody’s when nobody known caused it', () => {
    expect(isAnonymous(run)).toBe(true);
    expect(isAnonymous({ ...run, causedBy: { kind: 'anonymous', id: 'anonymous', roles: [] } })).toBe(true);
    expect(isAnonymous({ ...run, causedBy: { kind: 'user', id: 'ada', roles: [] } })).toBe(false);
  });
});

describe('the record of a run', () => {
  const failure = { code: 'language.type', refusal: 'invalid', message: 'No list.' } as const;
  const step = (n: number, size = 0): StepRecord => ({
    ...{ step: String(n), kind: 'fetch', automation: 'greet', line: n, startedAt: 0, endedAt: 1 },
    ...{ input: { text: 'x'.repeat(size) }, output: 'ä'.repeat(size) },
  });

  it('says how the run ended', () => {
    expect([outcomeOf({ output: 1 }), outcomeOf({ error: failure }), outcomeOf({ cancelled: true })]).toEqual([
      ...['succeeded', 'failed', 'cancelled'],
    ]);
    expect(recordOf(run, { error: failure }, [], 3_000)).toMatchObject({
      run: 'run_1',
      outcome: 'failed',
      error: 'language.type',
      duration: 2_000,
    });
    expect(recordOf(run, { cancelled: true, reason: 'ada' }, [], 0)).toMatchObject({ outcome: 'cancelled', reason: 'ada', duration: 0 });
    expect(recordOf(run, { cancelled: true }, [], 0)).not.toHaveProperty('reason');
    expect(recordOf({ ...run, replayOf: 'run_0', startedBy: 'e-1' }, { output: 1 }, [], 0)).toMatchObject({
      replayOf: 'run_0',
      startedBy: 'e-1',
    });
  });

  it('has its steps with what went in and came out', () => {
    const { input: _input, output: _output, ...bare } = step(1);
    expect(recordOf(run, { output: 1 }, [step(0, 1), bare], 0)['steps']).toEqual([step(0, 1), bare]);
    expect(recordOf(run, { output: 1 }, [step(0)], 0)).not.toHaveProperty('omittedSteps');
  });

  it('leaves out what is large', () => {
    const { steps } = recordOf(run, { output: 'x'.repeat(20_000) }, [step(0, 9_000)], 0) as { readonly steps: readonly unknown[] };
    expect(steps).toEqual([
      expect.objectContaining({ input: { omitted: 'too large', size: 9_011 }, output: { omitted: 'too large', size: 18_002 } }),
    ]);
  });

  it('is no larger than 64 KiB: the oldest steps give way', () => {
    const steps = Array.from({ length: 40 }, (_, n) => step(n, 1_000));
    const record = recordOf({ ...run, begin: { body: 'x'.repeat(16_000) } }, { output: 'x'.repeat(8_000) }, steps, 0);
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(64 * 1024 + 100);
    const kept = record['steps'] as unknown as readonly StepRecord[];
    expect(kept.at(-1)?.step).toBe('39');
    expect(kept.length + Number(record['omittedSteps'])).toBe(40);
  });
});

describe('a step', () => {
  const begun = stepBegun(effectOf('2', 'fetch', { url: 'http://x/' }), 5);

  it('is recorded as it begins and as it ends', () => {
    expect(begun).toEqual({ step: '2', kind: 'fetch', automation: 'greet', line: 4, startedAt: 5, input: { url: 'http://x/' } });
    expect(stepEnded(begun, { effect: '2', at: 6, value: 1 })).toEqual({ ...begun, endedAt: 6, output: 1 });
    expect(stepEnded(begun, { effect: '2', at: 6 })).toEqual({ ...begun, endedAt: 6, output: null });
    expect(stepEnded(begun, { effect: '2', at: 6, error: { code: 'a.b' } })).toEqual({
      ...begun,
      endedAt: 6,
      error: { code: 'a.b', message: '' },
    });
  });
});

describe('what a run began with', () => {
  it('is kept for who begins it again, but not who called, and not what is on the log anyway', () => {
    const headers = { 'content-type': 'text/plain', authorization: 'Bearer x', cookie: 'c', 'x-api-key': 'k' };
    expect(withBegin(run, { headers, body: 1 }).begin).toEqual({ headers: { 'content-type': 'text/plain' }, body: 1 });
    expect(withBegin(run, { n: 1 }).begin).toEqual({ n: 1 });
    expect(withBegin(run, { body: 'x'.repeat(20_000) })).toBe(run);
    const ofEvent: Run = { ...run, trigger: { type: 'event', value: 'go', id: 'evt_1' }, startedBy: 'e-1' };
    expect(withBegin(ofEvent, { n: 1 })).toBe(ofEvent);
    expect(withBegin(ofEvent, { events: [1] }).begin).toEqual({ events: [1] });
    const known: Run = { ...run, begin: { n: 2 } };
    expect(withBegin(known, { n: 1 })).toBe(known);
  });
});

describe('what a caller prefers', () => {
  const endpoint = { path: 'a', access: 'public', respond: 'result', wait: 25_000 } as unknown as Parameters<typeof preferenceOf>[0];

  it('shortens what the endpoint says, and never lengthens it', () => {
    expect(preferenceOf(endpoint, {})).toEqual({ async: false, wait: 25_000 });
    expect(preferenceOf(endpoint, { prefer: 'wait=2' })).toEqual({ async: false, wait: 2_000, applied: 'wait=2' });
    expect(preferenceOf(endpoint, { prefer: 'WAIT=100, respond-async' })).toEqual({
      ...{ async: true, wait: 25_000, applied: 'respond-async' },
    });
    expect(preferenceOf(endpoint, { prefer: 'wait=100' })).toEqual({ async: false, wait: 25_000, applied: 'wait=25' });
    expect(preferenceOf({ ...endpoint, respond: 'accepted' }, { prefer: 'wait=x' })).toEqual({ async: true, wait: 25_000 });
  });

  it('lengthens what a call says, up to the most there is', () => {
    const call = { respond: 'result', wait: 25_000, most: 30_000 } as const;
    expect(preferenceOf(call, { prefer: 'return=minimal, Wait = "29"; x=y' })).toEqual({ async: false, wait: 29_000, applied: 'wait=29' });
    expect(preferenceOf(call, { prefer: 'wait=31' })).toEqual({ async: false, wait: 30_000, applied: 'wait=30' });
    expect(preferenceOf(call, {})).toEqual({ async: false, wait: 25_000 });
    expect(preferenceOf({ ...call, respond: 'accepted' }, { prefer: 'wait=1' })).toEqual({ async: true, wait: 1_000 });
  });

  it('may be to come back: by the token of the answer, or the run', () => {
    expect([...accepted({ id: 'run_1', resultToken: 'res_1' })]).toEqual([
      {
        run: 'run_1',
        head: expect.objectContaining({ status: 202, headers: expect.objectContaining({ location: '/v1/results/res_1' }) }),
        body: '{"run":"run_1","result":"/v1/results/res_1"}',
      },
    ]);
    expect([...accepted({ id: 'run_1' })]).toEqual([expect.objectContaining({ body: '{"run":"run_1","result":"/v1/results/run_1"}' })]);
  });
});

describe('what a run gives to who waits for it', () => {
  it('is its output, or how it failed, or that it was cancelled', () => {
    expect(outputOf({ output: 7 }, 'run_1')).toBe(7);
    expect(() => outputOf({ cancelled: true }, 'run_1')).toThrow(expect.objectContaining({ code: 'runtime.cancelled' }));
    const error = { code: 'language.type', refusal: 'invalid', message: 'No list.' } as const;
    expect(() => outputOf({ error }, 'run_1')).toThrow(expect.objectContaining({ code: 'language.type' }));
  });
});

describe('an approval', () => {
  const names = { id: 'apr_1', workspaceId: 'ws_1', run: 'run_1', automation: 'greet', effect: '3', askedAt: 0 };
  const bare = approvalOf({ title: 'May I?', to: { users: ['ada'] }, choices: ['yes', 'no'], until: 5_000 }, names);

  it('has what was asked of whom', () => {
    expect(bare).toEqual({
      ...names,
      title: 'May I?',
      to: { users: ['ada'], roles: [] },
      except: [],
      choices: ['yes', 'no'],
      until: 5_000,
      reminded: 0,
    });
    const request = {
      title: 't',
      message: 'm',
      to: { roles: ['sales'], topic: 'x' },
      except: { users: ['bob'] },
      choices: [],
      until: 1,
      remind: 9,
    };
    expect(approvalOf({ ...request, form: { type: 'object' } }, names)).toMatchObject({
      ...{ message: 'm', to: { users: [], roles: ['sales'], topic: 'x' }, except: ['bob'], remind: 9, form: { type: 'object' } },
    });
    expect(approvalOf({ ...request, form: null, remind: 0 }, names)).not.toHaveProperty('remind');
  });

  it('is asked, answered or expired', () => {
    expect([stateOf(bare, 4_999), stateOf(bare, 5_000)]).toEqual(['asked', 'expired']);
    expect(stateOf({ ...bare, answer: { decision: 'yes', by: 'ada', at: '', form: {} } }, 9_000)).toBe('answered');
  });

  it('asks people by name and by their roles, but never who is excepted', () => {
    const asks = (id: string, ...roles: string[]) =>
      isAsked({ ...bare, to: { users: ['ada'], roles: ['sales'] }, except: ['eve'] }, { kind: 'user', id, roles: [] }, roles);
    expect([asks('ada'), asks('bob', 'sales'), asks('bob', 'viewer'), asks('bob'), asks('eve', 'sales')]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

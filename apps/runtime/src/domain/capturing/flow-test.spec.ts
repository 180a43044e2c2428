import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import type { RunRecord } from '../records/run-record';
import type { StepRecord } from '../records/step-record';
import type { Trigger } from '../run';
import { startOf } from './captured-start';
import { flow } from './flow-style';
import { flowTestOf } from './flow-test';

const step = (kind: string, more: Partial<StepRecord> = {}): StepRecord => ({
  ...{ step: '0', kind, automation: 'a', line: 3, startedAt: 10, endedAt: 1_510 },
  ...more,
});
const record = (more: Partial<RunRecord> = {}): RunRecord => ({
  ...{ run: 'run_123456', automation: 'shop/order', digest: 'd', trigger: { type: 'test', value: 'a', id: 'r' }, outcome: 'succeeded' },
  ...{ startedAt: Date.UTC(2027, 2, 27), duration: 5, ...more },
});
const contentOf = (steps: readonly StepRecord[], more: Partial<RunRecord> = {}) =>
  flowTestOf(record({ steps, ...more }), { locals: {} }).content;
/** The lines of a test but for its heading. */
const linesOf = (content: string, from: string) =>
  content
    .slice(content.indexOf(from))
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());

describe('the flow test of a run', () => {
  it('has its start, its time, and its name for chance', () => {
    const { file, content, notes } = flowTestOf(record({ output: { n: 1, key: 'REDACTED' } }), { locals: { n: 1 }, session: 'ses_1' });
    expect(file).toBe('tests/shop-order-123456.test.yaml');
    expect(content.split('\n')).toEqual([
      `# ${notes[0] ?? ''}`,
      "automation: 'shop/order'",
      "clock: '2027-03-27T00:00:00.000Z'",
      'cases:',
      "  - name: 'run_123456'",
      '    on: { call: { n: 1 } }',
      "    session: 'ses_1'",
      '    expect:',
      '      outcome: finished',
      "      output: { n: 1, key: { $any: 'string' } }",
      '',
    ]);
  });

  it.each<[Trigger['type'], JsonMap, JsonMap]>([
    ['event', { payload: { n: 1 }, source: { ip: '::1', userId: 'ada' } }, { event: 'v', payload: { n: 1 }, source: { userId: 'ada' } }],
    ['event', { source: { ip: '::1' } }, { event: 'v', payload: {} }],
    ['endpoint', { method: 'post', body: 1, $http: {} }, { endpoint: { method: 'post', body: 1 } }],
    ['schedule', { schedule: { value: 'v' }, payload: {} }, { schedule: { value: 'v' } }],
    ['test', { n: 1 }, { call: { n: 1 } }],
  ])('begins as the run did: %s', (type, locals, on) => {
    expect(startOf({ type, value: 'v', id: 'i' }, locals)).toEqual(on);
  });

  it('answers each outside step once with what came of it', () => {
    const failed = { error: { code: 'e', message: 'm' } };
    const content = contentOf([
      step('fetch', { input: { url: 'https://x.test', method: 'post' }, output: { status: 201 } }),
      step('fetch', { input: { url: 'https://x.test', query: { a: 1 } }, ...failed }),
      step('action', { input: { name: 'parse' }, output: 1 }),
      step('module', { input: { module: 'm' } }),
      step('auth', { input: 'odd', output: 't' }),
      step('approve', { input: { title: 'Pay?' }, output: { decision: 'yes' } }),
      step('sleep'),
    ]);
    expect(linesOf(content, 'mocks:').slice(0, 7)).toEqual([
      'mocks:',
      "- { fetch: 'POST https://x.test', reply: { status: 201 }, times: 1 }",
      "- { fetch: { method: 'GET' }, error: { code: 'e', message: 'm' }, times: 1 }",
      "- { action: 'parse', reply: 1, times: 1 }",
      "- { run: 'm', reply: null, times: 1 }",
      "- { auth: {}, reply: 't', times: 1 }",
      "- { approve: 'Pay?', reply: { decision: 'yes' }, times: 1, after: '1500ms' }",
    ]);
    expect(
      contentOf([step('approve', { input: {}, output: null }), step('action'), step('module'), step('approve', { output: 1 })]),
    ).toContain('- { action: {}');
  });

  it('lets arrive what came while it waited, and says when time ended a wait', () => {
    const { type, payload } = { type: 'paid', payload: { no: 1 } };
    const content = contentOf([step('wait', { output: { id: 'evt_1', type, payload } }), step('wait', { output: {} })]);
    expect(linesOf(content, 'steps:').slice(0, 5)).toEqual([
      'steps:',
      "- { expect: { waits: 'wait' } }",
      "- { event: { type: 'paid', payload: { no: 1 } }, after: '1500ms' }",
      "- { expect: { waits: 'wait' } }",
      "- { event: { type: '', payload: {} }, after: '1500ms' }",
    ]);
    const { endedAt: _, ...open } = step('wait', { output: { type } });
    expect(contentOf([open])).toContain("after: '0ms'");
    expect(contentOf([step('wait', { output: null })])).toContain('# The wait of line 3 ended by time');
  });

  it('expects what the run told and how it ended', () => {
    const content = contentOf(
      [step('emit', { input: { id: 'evt_1', event: 'done', payload: { list: ['REDACTED', 1, null] } } }), step('emit', { input: {} })],
      { outcome: 'failed', error: 'x.y' },
    );
    expect(linesOf(content, 'expect:')).toEqual([
      ...['expect:', 'outcome: failed', "error: 'x.y'", 'emits:'],
      "- { type: 'done', payload: { list: [{ $any: 'string' }, 1, null] } }",
      "- { type: '', payload: {} }",
    ]);
  });

  it('says what the record does not tell', () => {
    const large = { omitted: 'too large', size: 9_000 };
    const steps = [step('fetch', { input: { url: 'REDACTED' }, output: large }), step('emit', { input: large, line: 4 })];
    const { notes, content } = flowTestOf(record({ steps, output: large }), { locals: {} });
    expect(notes).toEqual([
      expect.stringContaining('contexts'),
      expect.stringContaining('REDACTED'),
      expect.stringContaining('fetch of line 3'),
      expect.stringContaining('emit of line 4'),
    ]);
    expect(content).not.toMatch(/emits|output/);
  });

  it('is not to be had of a run that was cancelled, or is not kept as a whole', () => {
    for (const more of [{ outcome: 'cancelled', reason: 'no' }, { omittedSteps: 2 }] as const) {
      const refused = expect.objectContaining({ code: 'runtime.capture_impossible', refusal: 'conflict' });
      expect(() => flowTestOf(record(more), { locals: {} })).toThrow(refused);
    }
  });

  it('is written in the way people write it', () => {
    expect(flow({ a: [1, null, 'x: y'], 'b c': {}, true: false, $any: 'text' })).toBe(
      `{ a: [1, null, "x: y"], "b c": {}, "true": false, $any: "text" }`,
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { typed } from '../../testing/typed';
import { isListText } from './list-text';

const CASES = `
- id: counts-items
  expr: '{{list.length}} > 1'
  kind: condition
  vars: { list: [a, b] }
  expected: true
- { id: wrong, expr: '{% 1 + 1 %}', expected: 3 }
- { id: fails, expr: '{% 1 / 0 %}', error: language.expression_type }
- { id: open, expr: '{{nothing}}' }
- { id: says-why, expr: '{% 1 / 0 %}' }
- id: waits-for-payment
  automations: { pay: { do: [{ wait: { oneOf: [{ event: paid, filters: { payload.id: 7 } }], output: e } }], output: '{{e.payload.sum}}' } }
  start: { slug: pay, payload: {} }
  contexts: { global: {} }
  effects:
    - { effect: wait, events: [{ type: paid, payload: { id: 6, sum: 1 } }, { type: paid, payload: { id: 7, sum: 2 } }] }
  expected: { output: 2, emits: [], error: null }
- { id: no-such, automations: {}, start: { slug: gone } }
- id: unknown-key
  files: { automations/a.yaml: "do: []\\nouput: 1\\n" }
  expected: { problems: [{ code: key-unknown, severity: error, line: 2, column: 1 }] }
`;

describe('cases on standard input', () => {
  it('are shown with their id, what they come to, and whether that was expected', async () => {
    const { code, output, notes } = await typed(['eval'], { input: CASES });
    expect({ code, notes, lines: output.split('\n') }).toEqual({
      code: 0,
      lines: [
        'ok   counts-items  true',
        'FAIL wrong',
        '     value: expected 3, found 2',
        expect.stringMatching(/^ok {3}fails {2}language\.expression_type: /),
        '-    open  missing',
        expect.stringMatching(/^- {4}says-why {2}language\.expression_type: /),
        'ok   waits-for-payment  succeeded 2',
        '-    no-such  failed runtime.automation_not_found',
        'ok   unknown-key  ["key-unknown"]',
        '',
      ],
      notes: '8 cases: 4 as expected, 1 not as expected, 3 without expectation.\n',
    });
  });

  it('are played by their own kind, whichever command reads them', async () => {
    const [byEval, byRun, byCheck] = await Promise.all([
      typed(['eval', '--json'], { input: CASES }),
      typed(['run', '--offline', '--json'], { input: CASES }),
      typed(['check', '-', '--json'], { input: CASES }),
    ]);
    expect(byRun).toEqual(byEval);
    expect(byCheck).toEqual(byEval);
    expect(JSON.parse(byEval.output)).toMatchObject([
      { id: 'counts-items', ok: true, value: true },
      { id: 'wrong', ok: true, value: 2 },
      { id: 'fails', ok: false, code: 'language.expression_type', line: 1, column: 4 },
      { id: 'open', ok: true, value: null, missing: true },
      { id: 'says-why', ok: false },
      { id: 'waits-for-payment', state: 'succeeded', output: 2, emits: [], error: null, failure: null, http: null, unused: 0 },
      { id: 'no-such', state: 'failed', output: null, error: 'runtime.automation_not_found' },
      { id: 'unknown-key', problems: [{ code: 'key-unknown', file: 'automations/a.yaml', line: 2, column: 1 }] },
    ]);
  });

  it('have the keys that are promised for a run', async () => {
    const { output } = await typed(['run', '--offline', '--json'], { input: 'automations: { a: { do: [] } }\nstart: { slug: a }\n' });
    expect(Object.keys(JSON.parse(output) as object)).toEqual([
      ...['id', 'state', 'output', 'error', 'failure', 'emits', 'http', 'contexts', 'effects', 'now', 'unused'],
    ]);
  });

  it.each([
    ['exp: 1', 'stdin:1:1 The key `exp` means nothing in a case of this kind.'],
    ['expr: [1', 'stdin:1:9 '],
    ['', 'stdin:1:1 '],
    ['7', 'stdin:1:1 A case is a map.'],
  ])('are refused when they cannot be read: %j', async (input, sentence) => {
    const { code, output, notes } = await typed(['eval'], { input });
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(notes).toContain(`millrace: invalid (language.document_invalid)\n  ${sentence}`);
  });
});

describe('a text with cases', () => {
  it.each(['- a: 1', '[{"a": 1}]', '# one\n\n- a: 1', '---\n- a: 1', '--- [1]', '\ufeff- a', '-\n  a: 1'])('is a list: %j', (text) => {
    expect(isListText(text)).toBe(true);
  });

  it.each(['a: 1', '{"a": [1]}', '-1', '---\na: 1', '# - a', ''])('is no list: %j', (text) => {
    expect(isListText(text)).toBe(false);
  });
});

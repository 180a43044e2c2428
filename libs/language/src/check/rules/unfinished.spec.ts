import { describe, expect, it } from '@jest/globals';
import { INSTRUCTIONS } from '../../instructions/table';
import { check } from '../check';

const codes = (text: string, compat = 'none'): readonly string[] =>
  check({
    automations: [{ file: 'automations/a.yaml', text }],
    workspace: { file: 'workspace.yaml', text: `compat: ${compat}` },
  }).map(({ code }) => code);

describe('an automation that is still being written', () => {
  it.each([...INSTRUCTIONS.keys()])('is checked with nothing behind %s, or anything', (name) => {
    for (const body of ['', '~', '{}', '[]', '7', 'text', '[{}]', '{ event: 7, oneOf: [{}], do: 7, name: [], payload: 7, stream: 7 }']) {
      for (const compat of ['none', 'prisme']) expect(codes(`do:\n  - ${name}: ${body}`, compat)).not.toContain('yaml-syntax');
    }
  });

  it.each([
    'do: 7',
    'do: [7, [], {}]',
    'do: { conditions: [] }',
    'do: []\nwhen: 7',
    'do: []\nwhen: { events: [7, {}, { filter: 7 }], schedules: [7, {}, [], { timeZone: 7 }], endpoint: [] }',
    'do: []\nwhen: { endpoint: { path: 7, request: text, methods: 7, verify: 7 } }',
    'do: []\narguments: 7\nschemas: [7, { payload: 7 }]',
    'do: [{ conditions: { default: 7, "true": 7 } }, { approve: { form: text, title: [] } }]',
  ])('is told what is wrong with its form: %j', (text) => {
    expect(codes(text).length).toBeGreaterThan(0);
  });
});

describe('what an instruction lacks', () => {
  it.each([
    ['do: [{ sleep: }]', 'do: [{ sleep: { for: "1m" } }]'],
    ['do: [{ sleep: {} }]', 'do: [{ sleep: { for: "1m" } }]'],
    ['do: [{ try: { do: [] } }]', 'do: [{ try: { catch: [], do: [] } }]'],
  ])('in %s can be added', (text, expected) => {
    const [problem] = check({ automations: [{ file: 'automations/a.yaml', text }] }).filter(({ code }) => code === 'key-missing');
    const edit = problem?.fix?.edits[0];
    expect(edit === undefined ? text : text.slice(0, edit.column - 1) + edit.text + text.slice(edit.endColumn - 1)).toBe(expected);
  });
});

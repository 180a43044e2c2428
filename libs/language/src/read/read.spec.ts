import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '../problems/problem';
import type { WorkspaceSources } from '../workspace/sources';
import { read, readAutomation } from './read';
import { readWorkspace } from './read-workspace';

const problemsOf = (text: string, file = 'automations/a.yaml'): readonly Problem[] => read(text, file).problems;

/** What is wrong as `code line:column`. */
const told = (problems: readonly Problem[]): readonly string[] =>
  problems.map(({ code, severity, line, column }) => `${severity === 'error' ? '' : `${severity} `}${code} ${line}:${column}`);

describe('read', () => {
  it('gives the slug of the path and the values as written', () => {
    expect(read('do: []\noutput: "{{x}}"', 'automations/crm/new lead.yml')).toEqual({
      document: { file: 'automations/crm/new lead.yml', slug: 'crm/new lead', value: { do: [], output: '{{x}}' }, calls: [] },
      problems: [],
    });
  });

  it('lets the document say its slug', () => {
    expect(read('slug: other\ndo: []', 'automations/a.yaml').document?.slug).toBe('other');
  });

  it('names each automation that is called, once, however deep the call stands', () => {
    const text = `do:
  - greet: {}
  - all: [[{ crm.add: {} }], { greet: }]
  - conditions: { "{{x}}": [{ try: { do: [{ set: { name: y, value: { not-called: {} } } }], catch: [{ mend: }] } }] }
  - repeat: { on: [], do: [{ sleep: { duration: 1 } }, { deep/one: {} }] }
`;
    expect(read(text, 'automations/a.yaml').document?.calls).toEqual(['greet', 'crm.add', 'mend', 'deep/one']);
  });

  it.each([
    ['# nothing', 'an empty file'],
    ['- do: []', 'a list'],
    ['text', 'a text'],
  ])('has no document for %j: %s', (text) => {
    const { document, problems } = read(text, 'a.yaml');
    expect(document).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });

  it.each<[string, string, readonly string[]]>([
    ['nothing wrong', 'do: [{ set: { name: x, value: 1 } }]', []],
    ['a missing key', 'name: x', ['key-missing 1:1']],
    ['nothing at a required key', 'do:', ['key-missing 1:1']],
    ['an unknown key', 'do: []\nouput: 1', ['key-unknown 2:1']],
    ['a list where a map must stand', 'do: []\nwhen: []', ['value-type 2:7']],
    ['a map where a list must stand', 'do: {}', ['value-type 1:5']],
    ['a text where instructions must stand', 'do: text', ['value-type 1:5']],
    ['an instruction that is a text', 'do: [set]', ['value-type 1:6']],
    ['an instruction without a key', 'do: [{}]', ['value-type 1:6']],
    ['an instruction that is nothing', 'do:\n  -', ['value-type 2:4']],
    ['an instruction with two keys', 'do: [{ comment: a, set: { name: x } }]', ['key-unknown 1:20']],
    ['an instruction without a body', 'do:\n  - set:', ['key-missing 2:5']],
    ['a body that is no map', 'do: [{ set: x }]', ['value-type 1:13']],
    ['an unknown parameter', 'do: [{ set: { nam: x } }]', ['key-unknown 1:15', 'key-missing 1:15']],
    ['a word that is not one of those known', 'do: []\npriority: hihg', ['value-invalid 2:11']],
    ['a word far from those known', 'do: []\npriority: something', ['value-invalid 2:11']],
    ['a truth where a text must stand', 'do: []\nslug: true', ['value-type 2:7']],
    ['a text where a truth must stand', 'do: []\nprivate: "true"', ['value-type 2:10']],
    ['a truth in words in a body', 'do: [{ emit: { event: a, private: "true" } }]', []],
    ['no duration', 'do: []\ntimeout: soon', ['duration-invalid 2:10']],
    ['a truth as a duration', 'do: []\ntimeout: true', ['value-type 2:10']],
    ['a list as a duration', 'do: []\ntimeout: []', ['value-type 2:10']],
    ['a number out of range', 'do: []\nconcurrency: { limit: 0 }', ['value-invalid 2:23']],
    ['a fraction for a whole number', 'do: []\nconcurrency: { limit: 1.5 }', ['value-invalid 2:23']],
    ['a text for a number', 'do: []\nconcurrency: { limit: "1" }', ['value-type 2:23']],
    ['numeric text for a number in a body', 'do: [{ repeat: { until: "3", do: [] } }]', []],
    ['blank text for a number in a body', 'do: [{ repeat: { until: " ", do: [] } }]', ['value-type 1:25']],
    ['a template for a number in a body', 'do: [{ repeat: { until: "{{n}}", do: [] } }]', []],
    ['a label that does not fit', 'do: []\nlabels: [a]', ['value-invalid 2:10']],
    ['a label that is no list', 'do: []\nlabels: ab', ['value-type 2:9']],
    ['nothing in a list', 'do: []\nlabels: [~]', ['value-type 2:10']],
    ['a path that is no text', 'do: [{ set: { name: 1 } }]', ['value-type 1:21']],
    ['conditions that are no map', 'do: [{ conditions: [] }]', ['value-type 1:20']],
    ['what stands in a branch', 'do: [{ conditions: { a: [b], default: } }]', ['value-type 1:26']],
    ['a list of instructions in all', 'do: [{ all: [[{ comment: a }], { comment: b }] }]', []],
    ['a map in all', 'do: [{ all: { do: [{ comment: a }], concurrency: 0 } }]', ['value-invalid 1:50']],
    ['a text in all', 'do: [{ all: text }]', ['value-type 1:13']],
    ['a list of instructions among instructions', 'do: [[{ comment: a }]]', ['value-type 1:6']],
    ['one event instead of a list', 'when: { events: a }\ndo: []', []],
    ['an event without its name', 'when: { events: { filter: a } }\ndo: []', ['key-missing 1:19']],
    ['an endpoint that is a list', 'when: { endpoint: [] }\ndo: []', ['value-type 1:19']],
    ['an endpoint that is true', 'when: { endpoint: true }\ndo: []', []],
    ['a schedule that is nothing', 'when: { schedules: [~] }\ndo: []', ['value-type 1:21']],
    ['a slug with a dot', 'slug: a.b\ndo: []', ['slug-invalid 1:7']],
    ['the name of an instruction as slug', 'slug: set\ndo: []', ['slug-reserved 1:7']],
    ['keys of other tools', 'do: []\ncreatedAt: [1]\nchecksum: 2', []],
    ['a call with any arguments', 'do: [{ other: { a: [1], output: x } }, { other: }]', []],
    ['null as the output', 'do: []\noutput: ~', []],
  ])('tells of %s', (_, text, expected) => {
    expect(told(problemsOf(text))).toEqual(expected);
  });

  it('offers the nearest known key as a repair', () => {
    expect(problemsOf('do: []\nouput: 1')).toMatchObject([
      {
        message: expect.stringContaining('Did you mean `output`?'),
        fix: { edits: [{ line: 2, column: 1, endLine: 2, endColumn: 6, text: 'output' }] },
      },
    ]);
  });

  it('names the known keys when none is near', () => {
    const [problem] = problemsOf('do: [{ delete: { name: x, something: 1 } }]');
    expect(problem).toMatchObject({ message: expect.stringContaining('There are: name, output, onError.') });
    expect(problem).not.toHaveProperty('fix');
  });

  it('says of a file whose name is no slug that it is', () => {
    expect(told(problemsOf('name: x\ndo: []', 'automations/a+b.yaml'))).toEqual(['slug-invalid 1:1']);
    expect(told(problemsOf('do: []', 'automations/set.yaml'))).toEqual(['slug-reserved 1:1']);
  });

  it('takes mistakes for warnings where Prisme.ai would not see them', () => {
    const problems = problemsOf('compat: prisme\ndo: [{ comment: a, set: { name: x } }]\nouput: 1');
    expect(told(problems)).toEqual(['warning key-unknown 2:20', 'warning key-unknown 3:1']);
  });

  it('lets an automation of a workspace of Prisme.ai hide an instruction that is new', () => {
    const around = { prisme: true, slugs: new Set(['sleep']) };
    expect(readAutomation('do: [{ sleep: { anything: 1 } }]', 'automations/a.yaml', around).problems).toEqual([]);
    expect(told(readAutomation('do: []', 'automations/sleep.yaml', around).problems)).toEqual([]);
    expect(told(readAutomation('do: [{ sleep: { anything: 1 } }]', 'automations/a.yaml').problems)).toEqual(['key-unknown 1:17']);
  });

  it('of any text never throws', () => {
    const key = fc.constantFrom(
      'do',
      'when',
      'output',
      'set',
      'repeat',
      'conditions',
      'all',
      'try',
      'name',
      'events',
      'endpoint',
      'slug',
      'a',
    );
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 1, -0.5, '', 'a', '{{a}}', '{{', '{% 1', '1h'),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, node, { maxKeys: 4 }), (document) => {
        const { problems } = read(JSON.stringify(document), 'automations/a.json');
        expect(problems.every(({ code, line, column }) => code !== '' && line > 0 && column > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a workspace', () => {
  const automation = (slug: string, text = 'do: []') => ({ file: `automations/${slug}.yaml`, text });

  it('has settings of its own, or those that are given for all', () => {
    const workspace = { file: 'workspace.yaml', text: 'timeZone: Europe/Paris\nlocale: fr\nlimits: { allMax: 2 }' };
    expect(readWorkspace({ automations: [], workspace }).settings).toMatchObject({
      timeZone: 'Europe/Paris',
      locale: 'fr',
      limits: { allMax: 2 },
    });
    expect(readWorkspace({ automations: [] }).settings).toMatchObject({ timeZone: 'UTC', locale: 'en', limits: {} });
    const region = { timeZone: 'Asia/Tokyo', locale: 'de' };
    expect(readWorkspace({ automations: [], region }).settings).toMatchObject(region);
    const said = { file: 'workspace.yaml', text: 'timeZone: Europe/Paris' };
    expect(readWorkspace({ automations: [], workspace: said, region }).settings).toMatchObject({ timeZone: 'Europe/Paris', locale: 'de' });
  });

  it.each([
    ['timeZone: 1\nlocale: []\nlimits: x', ['value-type 2:9', 'value-type 3:9']],
    ['- a', ['value-type 1:1']],
    ['', ['yaml-syntax 1:1']],
    ['name: a\nlanguage: 2', ['value-invalid 2:11']],
    ['nmae: a', ['key-unknown 1:1']],
    ['compat: prisme\nnmae: a', ['warning key-unknown 2:1']],
  ])('with settings %j has the problems %j', (text, expected) => {
    const { problems, settings } = readWorkspace({ automations: [], workspace: { file: 'workspace.yaml', text } });
    expect(told(problems)).toEqual(expected);
    expect(settings).toMatchObject({ timeZone: 'UTC', locale: 'en', limits: {} });
  });

  it('has each slug once', () => {
    const { problems } = readWorkspace({ automations: [automation('a'), automation('b', 'slug: a\ndo: []')] });
    expect(problems).toMatchObject([
      { code: 'slug-duplicate', file: 'automations/b.yaml', message: 'The slug `a` is taken by automations/a.yaml.' },
    ]);
  });

  it('takes the slug that comes with a file before that of its path', () => {
    const { instances } = readWorkspace({ automations: [{ ...automation('a'), slug: 'other' }] });
    expect([...(instances[0]?.slugs ?? [])]).toEqual(['other']);
  });

  it('keeps what can be read when something cannot', () => {
    const { instances, problems } = readWorkspace({ automations: [automation('a', ''), automation('b')] });
    expect([...(instances[0]?.slugs ?? [])]).toEqual(['b']);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('holds apps, and apps in apps; a disabled one disables those in it', () => {
    const sources: WorkspaceSources = {
      automations: [automation('a')],
      apps: {
        crm: {
          automations: [automation('sync')],
          workspace: { file: 'workspace.yaml', text: 'name: 1\nlabels: x' },
          disabled: true,
          apps: { mail: { automations: [automation('send')] } },
        },
      },
    };
    const { instances, problems } = readWorkspace(sources);
    expect(instances.map(({ path, disabled, slugs }) => [path, disabled, [...slugs]])).toEqual([
      ['', false, ['a']],
      ['crm', true, ['sync']],
      ['crm.mail', true, ['send']],
    ]);
    expect(told(problems)).toEqual(['value-type 2:9']);
  });

  it('shows its document and its automations as $workspace', () => {
    const workspace = { file: 'workspace.yaml', text: 'name: Shop' };
    const { instances } = readWorkspace({ automations: [automation('a', 'do: []\noutput: "{{x}}"')], workspace });
    expect(instances[0]?.document).toEqual({ name: 'Shop', automations: { a: { do: [], output: '{{x}}' } } });
  });
});

import { describe, expect, it } from '@jest/globals';
import { YamlDocumentEdits } from './yaml-document-edits';

const edits = new YamlDocumentEdits();
const path = 'automations/greet.yaml';

const CALLS = `# greet is called twice
name: Calls   # keeps its layout
do:
  - greet: {to: a}   # greet
  - conditions:
      '{{a}}':
        - 'greet': {}
      default:
          - repeat: {until: 2, do: [{ greet: {}}, {greeting: {}}]}
  - set: { name: x, value: { greet: 1 } }
  - emit: { event: a.b, payload: { text: 'say greet', greeter: 1 } }
output: 'greet'
`;

describe('saying something of an automation', () => {
  it.each<[string, string, object, string]>([
    [
      'puts a new key below what was said',
      '# top\nname: A # a\ndo: []\n',
      { disabled: true },
      '# top\nname: A # a\ndisabled: true\ndo: []\n',
    ],
    ['puts it above all keys, where nothing was said', '# top\ndo:\n    - a: {}\n', { name: 'B' }, '# top\nname: B\ndo:\n    - a: {}\n'],
    ['replaces a value where it stands', "name:   'A'   # x\ndo: []\n", { name: 'C d' }, 'name:   C d   # x\ndo: []\n'],
    ['replaces a text of several lines', 'description: |\n  a\n  b\ndo: []\n', { description: 'c' }, 'description: c\ndo: []\n'],
    ['replaces the first language', 'name: { en: A, fr: B }\ndo: []\n', { name: 'C' }, 'name: { en: C, fr: B }\ndo: []\n'],
    ['replaces a list', 'labels:\n  - a1\n  - b1 # b\ndo: []\n', { labels: ['c1', '12'] }, "labels:\n  [c1, '12']\ndo: []\n"],
    ['fills an empty value', 'name:\ndo: []\n', { name: 'A' }, 'name: A\ndo: []\n'],
    [
      'quotes what would be read otherwise',
      'do: []\n',
      { name: 'true', description: 'a: b\nc' },
      'name: \'true\'\ndescription: "a: b\\nc"\ndo: []\n',
    ],
    ['needs no end of line', 'do: []\nname: A', { disabled: false }, 'do: []\nname: A\ndisabled: false\n'],
    ['changes nothing that it is not told', '  # odd\n"do" :   [ ]\n', {}, '  # odd\n"do" :   [ ]\n'],
  ])('%s', (_, text, said, expected) => {
    expect(edits.say({ path, text }, said)).toBe(expected);
  });

  it('lays out anew what stands on one line, and JSON as JSON', () => {
    const json = edits.say({ path: 'automations/a.json', text: '{"do":[],"name":"A"}' }, { name: 'B', disabled: true });
    expect(json).toBe('{\n  "do": [],\n  "name": "B",\n  "disabled": true\n}\n');
    expect(edits.say({ path, text: '{ do: [], name: A }' }, { name: 'B' })).toBe('{ do: [], name: B }\n');
  });

  it('refuses what it cannot read', () => {
    for (const text of ['a: [', '- a', 'a: 1\na: 2\n', '']) {
      expect(() => edits.say({ path, text }, { name: 'A' })).toThrow(expect.objectContaining({ code: 'workspaces.document_unreadable' }));
    }
  });
});

describe('the name of an automation', () => {
  it('is found in calls at any depth, and elsewhere only mentioned', () => {
    const found = edits.usages({ path: 'automations/calls.yaml', text: CALLS }, 'greet');
    expect(found.map(({ line, column, kind }) => [line, column, kind])).toEqual([
      [1, 3, 'mention'],
      [4, 5, 'call'],
      [4, 24, 'mention'],
      [7, 12, 'call'],
      [9, 39, 'call'],
      [10, 30, 'mention'],
      [11, 47, 'mention'],
      [12, 10, 'mention'],
    ]);
  });

  it('is changed where it is called, byte by byte as it was else', () => {
    const expected = CALLS.replace('- greet: {to', '- hi/you: {to')
      .replace("- 'greet': {}", "- 'hi/you': {}")
      .replace('{ greet: {}}', '{ hi/you: {}}');
    expect(edits.rename({ path: 'automations/calls.yaml', text: CALLS }, 'greet', 'hi/you')).toBe(expected);
  });

  it('is changed in tests of flows, of the whole and of a case', () => {
    const text = 'automation: greet # it\ncases:\n  - { automation: "greet", on: { call: { automation: greet } } }\n';
    const expected = 'automation: hi # it\ncases:\n  - { automation: "hi", on: { call: { automation: greet } } }\n';
    expect(edits.rename({ path: 'tests/a.test.yaml', text }, 'greet', 'hi')).toBe(expected);
  });

  it('is changed where an automation calls itself, and where it says its slug', () => {
    const text = 'slug: greet\ndo: [{ greeting: {} }]\n';
    expect(edits.rename({ path, text }, 'greet', 'hi')).toBe('slug: hi\ndo: [{ greeting: {} }]\n');
    expect(edits.rename({ path, text: 'do: [{ greet: {} }]\n' }, 'greet', 'hi')).toBe('do: [{ hi: {} }]\n');
  });

  it('is quoted where it would be something else', () => {
    expect(edits.rename({ path: 'automations/b.yaml', text: 'do: [{ greet: {} }]\n' }, 'greet', '12')).toBe("do: [{ '12': {} }]\n");
  });
});

import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

interface Found {
  readonly problems: readonly { readonly code: string; readonly file: string; readonly line: number; readonly column: number }[];
}

/** Code and place of each error and warning that check finds in some files. */
async function found(files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<readonly string[]> {
  using folder = new TestFolder(files);
  const { output } = await typed(['check', '--json', ...words], { folder: folder.path });
  const { problems } = JSON.parse(output) as Found;
  return problems.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`);
}

const RUNTIME = `name: Archive
slug: archive
automations:
  greet:
    name: Greet
    arguments: { body: {} }
    do:
      - set:
          name: who
          value: '{% 1 + "a" %}'
      - crm.send: {}
      - mail.send: {}
    output: 'Hello, {{body.name}}'
  broken:
    do:
      - set: { nam: x }
    output: '{% uper("a") %}'
imports:
  crm: { appSlug: contacts }
`;

describe('a folder that holds only the runtime.yml of an archive', () => {
  it('is checked as the workspace it is, each problem at its entry in that file', async () => {
    expect(await found({ 'runtime.yml': RUNTIME })).toEqual([
      'app-unknown runtime.yml:12:9',
      'key-missing runtime.yml:16:9',
      'key-unknown runtime.yml:16:16',
      'function-unknown runtime.yml:17:5',
    ]);
    expect(await found({ 'w/runtime.yml': RUNTIME }, 'w/runtime.yml')).toHaveLength(4);
  });

  it('has its automations run by their slugs', async () => {
    using folder = new TestFolder({ 'runtime.yml': RUNTIME.replace(/ {6}- (?:crm|mail).*\n/g, '').replace('nam: x', 'name: x') });
    const at = { folder: folder.path };
    const run = await typed(['run', 'greet', '--offline', '-q', '-d', '{"body": {"name": "Ada"}}'], at);
    expect(run).toEqual({ code: 0, output: 'Hello, Ada\n', notes: '' });
    expect(await typed(['run', 'broken', '--offline', '-q'], at)).toMatchObject({ code: 1, notes: expect.stringContaining('uper') });
    expect(await typed(['run', 'gret', '--offline'], at)).toMatchObject({ code: 3, notes: expect.stringContaining('`greet`') });
  });

  it('is not asked when automations are files', async () => {
    expect(await found({ 'runtime.yml': RUNTIME, 'automations/a.yml': 'do: []\n', 'index.yml': 'name: W\n' })).toEqual([]);
  });

  it('is told to be torn', async () => {
    expect(await found({ 'runtime.yml': 'automations: [\n' })).toContainEqual(expect.stringContaining('yaml-syntax runtime.yml:2:1'));
  });
});

describe('what a workspace folder says of apps', () => {
  const CALLS = 'do:\n  - crm.send: {}\n  - mial.send: {}\n';

  it('is which instances there are, not what they can do', async () => {
    const files = { 'workspace.yaml': 'name: W\n', 'automations/a.yaml': CALLS };
    expect(await found({ ...files, 'apps.yaml': 'crm: { app: contacts }\nmail: { app: post }\n' })).toEqual([
      'app-unknown automations/a.yaml:3:5',
    ]);
    expect(await found(files)).toEqual(['app-unknown automations/a.yaml:2:5', 'app-unknown automations/a.yaml:3:5']);
  });

  it('is read from imports/ of Prisme.ai, too', async () => {
    const files = { 'index.yml': 'name: W\n', 'automations/a.yml': CALLS, 'imports/Contacts.yml': 'slug: crm\nappSlug: contacts\n' };
    expect(await found(files)).toEqual(['app-unknown automations/a.yml:3:5']);
    expect(await found({ ...files, 'imports/mial.yml': 'appSlug: post\n' })).toEqual([]);
  });

  it('is not asked of automations that are in no workspace', async () => {
    expect(await found({ 'a.yaml': CALLS })).toEqual([]);
  });

  it('is checked itself', async () => {
    const files = { 'workspace.yaml': 'name: W\n', 'apps.yaml': 'crm: { ap: contacts }\n' };
    expect(await found(files)).toContain('key-unknown apps.yaml:1:8');
    expect(await found({ ...files, 'apps.yaml': 'crm: [\n' })).toContainEqual(expect.stringContaining('yaml-syntax apps.yaml'));
  });
});

describe('what a workspace folder says of actions', () => {
  const files = {
    'workspace.yaml': 'name: W\n',
    'actions/parse/action.yaml': `name: parse-cv
inputs:
  cv: { type: file }
  pages: { type: integer, optional: true }
  mode: { type: enum, values: [fast, good], default: fast }
  note: { type: string, nullable: true, optional: true }
`,
    'actions/unnamed/action.yml': 'language: node\n',
    'actions/empty/notes.txt': '',
  };
  const doing = (...actions: readonly string[]): string => `do:\n${actions.map((action) => `  - action: ${action}\n`).join('')}`;

  it('is which there are, by the names of their manifests', async () => {
    const automation = doing('{ name: parse-cv, inputs: { cv: x } }', '{ name: unnamed }', '{ name: parse-vc }', '{ name: crm/import }');
    expect(await found({ ...files, 'automations/a.yaml': automation })).toEqual(['action-unknown automations/a.yaml:4:21']);
  });

  it('is also what they take', async () => {
    const automation = doing(
      '{ name: parse-cv, inputs: { cv: x, pages: many } }',
      '{ name: parse-cv, inputs: { cv: x, mode: slow, note: null } }',
      '{ name: parse-cv }',
    );
    const codes = (await found({ ...files, 'automations/a.yaml': automation })).map((one) => one.replace(/:\d+$/, ''));
    expect(codes).toEqual([
      'argument-type automations/a.yaml:2',
      'argument-type automations/a.yaml:3',
      'argument-missing automations/a.yaml:4',
    ]);
  });

  it('is nothing in a folder without actions/', async () => {
    expect(await found({ 'workspace.yaml': 'name: W\n', 'automations/a.yaml': doing('{ name: any }') })).toEqual([]);
  });
});

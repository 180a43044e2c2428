import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

const GOOD = 'do:\n  - set: { name: a, value: 1 }\n';
const MISSPELT = 'name: Greet\ndo: []\nouput: 1\n';

const problem = {
  code: 'key-unknown',
  severity: 'error',
  line: 3,
  column: 1,
  endLine: 3,
  endColumn: 6,
  path: '/ouput',
  message: 'The key `ouput` means nothing here. Did you mean `output`?',
  fix: { title: 'Replace by output', edits: [{ line: 3, column: 1, endLine: 3, endColumn: 6, text: 'output' }] },
};

describe('millrace check', () => {
  it('says that a clean workspace is clean', async () => {
    using folder = new TestFolder({ 'workspace.yaml': 'name: W\n', 'automations/a.yaml': GOOD, 'automations/b/c.yml': GOOD });
    expect(await typed(['check'], { folder: folder.path })).toEqual({ code: 0, output: 'No errors, no warnings in 3 files.\n', notes: '' });
  });

  it('shows each problem with its place, its line and how to mend it', async () => {
    using folder = new TestFolder({ 'automations/greet.yaml': MISSPELT });
    expect(await typed(['check'], { folder: folder.path })).toEqual({
      code: 1,
      output: [
        'automations/greet.yaml:3:1 error key-unknown The key `ouput` means nothing here. Did you mean `output`?',
        ' 3 | ouput: 1',
        '   | ^^^^^',
        '     fix: Replace by output',
        '',
        '1 error, 0 warnings in 1 file.',
        '',
      ].join('\n'),
      notes: '',
    });
  });

  it('prints an object for a path and a list for several', async () => {
    using folder = new TestFolder({ 'automations/greet.yaml': MISSPELT, 'automations/good.yaml': GOOD });
    const found = { ...problem, file: 'automations/greet.yaml' };
    const one = await typed(['check', '--json'], { folder: folder.path });
    expect(one.code).toBe(1);
    expect(JSON.parse(one.output)).toEqual({ id: '.', problems: [found] });
    const two = await typed(['check', 'automations/good.yaml', 'automations/greet.yaml', '-o', 'json'], { folder: folder.path });
    expect(JSON.parse(two.output)).toEqual([
      { id: 'automations/good.yaml', problems: [] },
      { id: 'automations/greet.yaml', problems: [found] },
    ]);
  });

  it('prints SARIF with rules, regions and fixes', async () => {
    using folder = new TestFolder({ 'automations/bon jour.yaml': MISSPELT });
    const { code, output } = await typed(['check', '--format', 'sarif'], { folder: folder.path });
    expect(code).toBe(1);
    const region = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 6 };
    const artifactLocation = { uri: 'automations/bon%20jour.yaml' };
    expect(JSON.parse(output)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'millrace', rules: [{ id: 'key-unknown' }] } },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'key-unknown',
              ruleIndex: 0,
              level: 'error',
              message: { text: problem.message },
              locations: [{ physicalLocation: { artifactLocation, region } }],
              fixes: [
                {
                  description: { text: 'Replace by output' },
                  artifactChanges: [{ artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: 'output' } }] }],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('reports of a file only what is in it, and counts a problem once where paths overlap', async () => {
    using folder = new TestFolder({ 'w/automations/greet.yaml': MISSPELT, 'w/automations/other.yaml': MISSPELT });
    const one = await typed(['check', 'w/automations/greet.yaml'], { folder: folder.path });
    expect(one.output).toMatch(/1 error, 0 warnings in 1 file\.\n$/);
    const all = await typed(['check', 'w', 'w/automations', 'w/automations/greet.yaml'], { folder: folder.path });
    expect(all.output).toMatch(/2 errors, 0 warnings in 2 files\.\n$/);
  });

  it('finds the workspaces below a folder, and takes lone files as automations', async () => {
    using folder = new TestFolder({
      'team/one/workspace.yaml': 'name: One\n',
      'team/one/automations/a.yaml': GOOD,
      'team/two/automations/a.yaml': MISSPELT,
      'team/.hidden/automations/a.yaml': MISSPELT,
      'team/node_modules/p/automations/a.yaml': MISSPELT,
      'lone/a.yaml': MISSPELT,
      'lone/notes.txt': 'not ours',
    });
    expect((await typed(['check', 'team'], { folder: folder.path })).output).toMatch(
      /^team\/two\/automations\/a\.yaml:3:1 [^]*1 error, 0 warnings in 3 files\.\n$/,
    );
    expect((await typed(['check', 'lone'], { folder: folder.path })).output).toMatch(
      /^lone\/a\.yaml:3:1 [^]*1 error, 0 warnings in 1 file\.\n$/,
    );
    expect((await typed(['check', 'lone/a.yaml'], { folder: folder.path })).output).toMatch(/^lone\/a\.yaml:3:1 /);
  });

  it('refuses a path where nothing is, or nothing of ours', async () => {
    using folder = new TestFolder({ 'empty/notes.txt': '' });
    expect(await typed(['check', 'nowhere'], { folder: folder.path })).toMatchObject({
      code: 3,
      notes: expect.stringContaining('There is no file or folder nowhere.'),
    });
    expect(await typed(['check', 'empty'], { folder: folder.path })).toMatchObject({
      code: 3,
      notes: expect.stringContaining('There is nothing to look at in empty:'),
    });
  });

  it('knows the secrets that secrets.example.yaml names, as keys or as a list', async () => {
    const fetches = (name: string): string => `do:\n  - fetch: { url: https://example.com, auth: { bearer: '{{secret.${name}}}' } }\n`;
    for (const list of ['KNOWN: what it is for\n', '- KNOWN\n']) {
      using folder = new TestFolder({
        'secrets.example.yaml': list,
        'automations/good.yaml': fetches('KNOWN'),
        'automations/bad.yaml': fetches('OTHER'),
      });
      const { output } = await typed(['check', '--json'], { folder: folder.path });
      expect(JSON.parse(output)).toMatchObject({ problems: [{ code: 'secret-unknown', file: 'automations/bad.yaml' }] });
    }
  });

  it('reads a workspace of Prisme.ai as Prisme.ai would', async () => {
    const automations = { 'automations/a.yml': 'name: A\nunheardOf: 1\ndo: []\n' };
    using ours = new TestFolder(automations);
    using theirs = new TestFolder({ ...automations, 'index.yml': 'name: W\nslug: w\n' });
    expect((await typed(['check'], { folder: ours.path })).output).toContain('error key-unknown');
    expect(await typed(['check'], { folder: theirs.path })).toMatchObject({
      code: 0,
      output: expect.stringContaining('warning key-unknown'),
    });
  });

  it('keeps to errors when quiet', async () => {
    using folder = new TestFolder({ 'automations/greet.yaml': MISSPELT });
    const { output } = await typed(['check', '-q'], { folder: folder.path });
    expect(output).toMatch(/fix: Replace by output\n\n$/);
  });

  it('shows what would steer a terminal as a mark', async () => {
    using folder = new TestFolder({ 'automations/a.yaml': 'do: []\nou\u009bput: 1\n' });
    const { output } = await typed(['check'], { folder: folder.path });
    expect(output).toContain('ou\u{fffd}put');
    expect(output).not.toContain('\u009b');
  });

  it('reads check cases from standard input', async () => {
    const one = 'id: unknown-key\nfiles: { automations/a.yaml: "do: []\\nouput: 1\\n" }\n';
    const { code, output } = await typed(['check', '-', '--json'], { input: one });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      id: 'unknown-key',
      problems: [{ code: 'key-unknown', file: 'automations/a.yaml', line: 2, column: 1 }],
    });
    expect(await typed(['check', '-', 'a.yaml'], { input: one })).toMatchObject({ code: 2 });
    expect(await typed(['check', '-', '--format', 'sarif'], { input: one })).toMatchObject({ code: 2 });
  });
});

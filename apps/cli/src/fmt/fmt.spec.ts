import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const UNTIDY = '# What it is for\nname:   "Greet"   # as people call it\ndo:\n    - set: {name: a,   value: 1}\n';
const TIDY = "# What it is for\nname: 'Greet' # as people call it\ndo:\n  - set: { name: a, value: 1 }\n";
const TORN = 'do: [1\n';

const textIn = (folder: TestFolder, file: string): string => readFileSync(join(folder.path, file), 'utf8');

describe('millrace fmt', () => {
  it('writes files in the one layout, names those it changed, and has nothing to do the second time', async () => {
    using folder = new TestFolder({ 'automations/a.yaml': UNTIDY, 'automations/b.yaml': TIDY });
    const at = { folder: folder.path };
    expect(await typed(['fmt'], at)).toEqual({ code: 0, output: 'automations/a.yaml\n', notes: '1 of 2 files changed.\n' });
    expect(textIn(folder, 'automations/a.yaml')).toBe(TIDY);
    expect(await typed(['fmt'], at)).toEqual({ code: 0, output: '', notes: 'Nothing to change in 2 files.\n' });
  });

  it('changes nothing with --check, and fails when it would', async () => {
    using folder = new TestFolder({ 'automations/a.yaml': UNTIDY });
    const at = { folder: folder.path };
    expect(await typed(['fmt', '--check'], at)).toEqual({
      code: 1,
      output: 'automations/a.yaml\n',
      notes: '1 of 1 file would change; `millrace fmt` changes them.\n',
    });
    expect(textIn(folder, 'automations/a.yaml')).toBe(UNTIDY);
    const json = await typed(['fmt', '--check', '--json'], at);
    expect(JSON.parse(json.output)).toEqual([{ file: 'automations/a.yaml', changed: true, problems: [] }]);
  });

  it('leaves alone what it cannot read, says why, and goes on', async () => {
    using folder = new TestFolder({ 'automations/a.yaml': TORN, 'automations/b.yaml': UNTIDY });
    const { code, output, notes } = await typed(['fmt', '-q'], { folder: folder.path });
    expect({ code, output }).toEqual({ code: 1, output: 'automations/b.yaml\n' });
    expect(notes).toMatch(/^automations\/a\.yaml:\d+:\d+ error yaml-syntax /);
    expect(textIn(folder, 'automations/a.yaml')).toBe(TORN);
  });

  it('takes the other documents of a workspace too, and JSON as JSON', async () => {
    using folder = new TestFolder({
      'workspace.yaml': 'name:   W\n',
      'events/a.b.yaml': 'title:   T\n',
      'tests/a.test.yaml': 'automation:   a\n',
      'automations/a.json': '{"do":[]}',
      'automations/yaml.json': 'do: []\n',
      'other.yaml': 'not:   ours\n',
    });
    const { output } = await typed(['fmt'], { folder: folder.path });
    expect(output.split('\n').slice(0, -1).sort()).toEqual([
      'automations/a.json',
      'events/a.b.yaml',
      'tests/a.test.yaml',
      'workspace.yaml',
    ]);
    expect(textIn(folder, 'automations/a.json')).toBe('{\n  "do": []\n}\n');
  });

  it('formats standard input to standard output', async () => {
    expect(await typed(['fmt', '-'], { input: UNTIDY })).toEqual({ code: 0, output: TIDY, notes: '' });
    expect(await typed(['fmt', '-', '--check'], { input: UNTIDY })).toEqual({ code: 1, output: '', notes: '' });
    expect(await typed(['fmt', '-'], { input: TORN })).toMatchObject({ code: 1, output: '', notes: expect.stringContaining('stdin:') });
    expect(await typed(['fmt', '-', 'a.yaml'], { input: UNTIDY })).toMatchObject({ code: 2 });
  });

  it('has nothing to change in the examples of the repository', async () => {
    expect(await typed(['fmt', '--check', 'examples'], { folder: REPOSITORY })).toMatchObject({ code: 0, output: '' });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

describe('millrace init', () => {
  it('writes a workspace that has no errors and passes its tests', async () => {
    using folder = new TestFolder();
    const at = { folder: folder.path };
    const { code, output, notes } = await typed(['init', 'hello'], at);
    expect({ code, notes }).toEqual({ code: 0, notes: 'Next: cd hello && millrace test\n' });
    expect(output).toContain('hello/automations/greet.yaml\n');
    expect(await typed(['check', 'hello'], at)).toMatchObject({ code: 0, output: expect.stringContaining('No errors, no warnings') });
    expect(await typed(['test', 'hello'], at)).toMatchObject({ code: 0, notes: '3 cases: 3 passed, 0 failed.\n' });
    expect(await typed(['fmt', '--check', 'hello'], at)).toMatchObject({ code: 0 });
  });

  it('writes nothing over what is there, and no name that a server would refuse', async () => {
    using folder = new TestFolder({ 'hello/README.md': 'mine\n' });
    const at = { folder: folder.path };
    expect(await typed(['init', 'hello'], at)).toMatchObject({
      code: 5,
      notes: expect.stringContaining('hello/README.md is there already.'),
    });
    expect(readFileSync(join(folder.path, 'hello/README.md'), 'utf8')).toBe('mine\n');
    expect(await typed(['init', 'Hello World'], at)).toMatchObject({ code: 2 });
  });
});

import { describe, expect, it } from '@jest/globals';
import { typed } from '../testing/typed';

describe('the words behind millrace', () => {
  it('are help when there are none', async () => {
    const { code, output, notes } = await typed([]);
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(output).toContain('Commands\n  check [PATHS] ');
    expect(await typed(['--help'])).toMatchObject({ output });
  });

  it('name a command, of which help says more', async () => {
    const { code, output } = await typed(['help', 'check']);
    expect(code).toBe(0);
    expect(output).toMatch(/^millrace check \[PATHS\]\n/);
    expect(output).toContain('--format FORMAT  text, json, or sarif for code scanning');
    expect(await typed(['check', '-h'])).toMatchObject({ output });
  });

  it('are refused with the nearest command when unknown', async () => {
    expect(await typed(['chekc'])).toEqual({
      code: 2,
      output: '',
      notes: [
        'millrace: invalid (cli.usage)',
        '  There is no command `chekc`. Did you mean `check`?',
        '  Next: `millrace help` lists the commands.',
        '',
      ].join('\n'),
    });
    expect(await typed(['help', 'deploy-everything'])).toMatchObject({
      code: 2,
      notes: expect.stringContaining('There is no command `deploy-everything`.\n'),
    });
  });

  it('may be a noun and a verb', async () => {
    const { output } = await typed(['help', 'workspaces']);
    expect(output).toMatch(/^millrace workspaces\n(.*\n)*Commands\n {2}workspaces list /);
    expect(await typed(['workspaces', '--help'])).toMatchObject({ code: 0, output });
    expect((await typed(['help', 'workspaces', 'create'])).output).toMatch(/^millrace workspaces create NAME\n/);
    expect(await typed(['workspaces'])).toMatchObject({ code: 2, notes: expect.stringContaining('behind it stands one of list, show, ') });
    expect(await typed(['workspaces', 'lits'])).toMatchObject({ code: 2, notes: expect.stringContaining('Did you mean `list`?') });
  });

  it.each([
    [['check', '--formt', 'sarif'], '`millrace check` has no flag `--formt`. Did you mean `--format`?'],
    [['check', '-x'], '`millrace check` has no flag `-x`.'],
    [['check', '--json=yes'], '`--json` is on when it is written; it takes no value.'],
    [['check', '--format'], '`--format` needs a value: --format FORMAT.'],
    [['check', '--format', '--json'], '`--format` needs a value: --format FORMAT.'],
    [['check', '--format', 'sarf'], '`--format` is one of text, json, sarif, not `sarf`. Did you mean `sarif`?'],
    [['eval', 'a', 'b'], '`millrace eval` does not take `b`.'],
  ])('are refused when written wrong: %j', async (words, sentence) => {
    const { code, output, notes } = await typed(words);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(notes).toContain(sentence);
  });

  it('say the version, for people and for programs', async () => {
    const { output } = await typed(['version']);
    expect(output).toMatch(/^millrace \d+\.\d+\.\d+\n$/);
    expect(await typed(['--version'])).toMatchObject({ code: 0, output });
    const { output: json } = await typed(['version', '--json']);
    expect(JSON.parse(json)).toEqual({ version: output.trim().replace('millrace ', ''), node: process.versions.node });
  });

  it('end with a report when the fault is ours', async () => {
    const { code, output, notes } = await typed(['eval'], { input: new TypeError('the pipe burst') });
    expect({ code, output }).toEqual({ code: 8, output: '' });
    expect(notes).toMatch(
      /^millrace: fault \(cli\.fault\)\n {2}This is a mistake in Millrace, not in what you wrote\.\n {2}TypeError: the pipe burst\n/,
    );
    expect(notes).toContain('Next: please report it');
  });

  it('are told with colour where colour is shown', async () => {
    const plain = await typed(['chekc']);
    const coloured = await typed(['chekc'], { colour: true });
    expect(coloured.notes).toContain('\u001b[31m');
    expect(plain.notes).not.toContain('\u001b');
  });
});

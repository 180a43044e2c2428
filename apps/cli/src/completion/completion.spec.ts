import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { typed } from '../../testing/typed';

async function script(shell: string): Promise<string> {
  const { code, output, notes } = await typed(['completion', shell]);
  expect({ code, notes }).toEqual({ code: 0, notes: '' });
  return output;
}

/** What bash offers for the last of some words, given the script. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const last = words.length - 1;
  const line = words.map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-s'], {
    input: `${await script('bash')}\nCOMP_WORDS=(${line}) COMP_CWORD=${last}\n_millrace\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('millrace completion', () => {
  it('makes bash complete commands, flags, the values of flags and the words a command knows', async () => {
    expect(await offered('millrace', 'che')).toEqual(['check']);
    expect(await offered('millrace', 'check', '--fo')).toEqual(['--format']);
    expect(await offered('millrace', 'check', '--format', 's')).toEqual(['sarif']);
    expect(await offered('millrace', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await offered('millrace', 'help', 'ev')).toEqual(['eval', 'events']);
  });

  it('makes bash complete what stands behind a noun', async () => {
    expect(await offered('millrace', 'work')).toEqual(['workspaces']);
    expect(await offered('millrace', 'workspaces', 'cr')).toEqual(['create']);
    expect(await offered('millrace', 'workspaces', 'create', '--sl')).toEqual(['--slug']);
    expect(await offered('millrace', 'workspaces', 'list', '--output', 'nd')).toEqual(['ndjson']);
  });

  it('leaves files to bash where a path goes', async () => {
    expect(await offered('millrace', 'check', 'a')).toEqual([]);
    expect(await offered('millrace', 'eval', '--with', 'a')).toEqual([]);
  });

  it('says for zsh what commands and flags do', async () => {
    const zsh = await script('zsh');
    expect(zsh).toMatch(/^#compdef millrace\n/);
    expect(zsh).toContain("'check:Finds every problem in workspaces and automations, with its place and a fix'");
    expect(zsh).toContain("'--format[text, json, or sarif for code scanning]:FORMAT:(text json sarif)'");
    expect(zsh).toContain("'1: :(bash zsh fish)'");
  });

  it('says for fish what commands and flags do', async () => {
    const fish = await script('fish');
    expect(fish).toContain(
      "complete -c millrace -n '__fish_use_subcommand' -f -a fmt -d 'Writes files in the one layout; comments stay'\n",
    );
    expect(fish).toContain("-n '__fish_seen_subcommand_from check' -l format -x -a 'text json sarif' -d ");
    expect(fish).toContain("-n '__fish_seen_subcommand_from version' -f\n");
    expect(fish).toContain("-n '__fish_seen_subcommand_from events; and __fish_seen_subcommand_from wait' -l timeout -r -d ");
  });

  it('is refused for other shells', async () => {
    expect(await typed(['completion'])).toMatchObject({ code: 2, notes: expect.stringContaining('bash, zsh, fish') });
    expect(await typed(['completion', 'fihs'])).toMatchObject({ code: 2, notes: expect.stringContaining('Did you mean `fish`?') });
  });
});

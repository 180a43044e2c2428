import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';
import type { Settings } from '../config';
import type { Invocation } from '../usage/command';
import { placeOf } from './place';
import { Targets } from './targets';

const TEAM = { name: 'team', url: 'https://mill.example', workspace: 'hotel' };

/** What is typed, as far as it says where to go. */
const flags = (given: Readonly<Record<string, string>> = {}): Invocation => ({
  operands: [],
  on: (flag) => flag in given,
  value: (flag) => given[flag],
  values: (flag) => (given[flag] === undefined ? [] : [given[flag]]),
});

function known(folder: TestFolder): Settings {
  const targets = new Targets(folder.path);
  targets.keep({ name: 'here', url: 'http://127.0.0.1:4000' });
  targets.admit('here', { token: 'token-of-here' });
  targets.keep(TEAM);
  targets.admit('team', { token: 'token-of-team', id: 'tok_1' });
  return { configFolder: folder.path };
}

describe('what is kept of servers', () => {
  it('may be read by its owner alone, and leaves nothing half written behind', () => {
    using folder = new TestFolder();
    known(folder);
    expect(readdirSync(folder.path).sort()).toEqual(['config.yaml', 'credentials.yaml']);
    for (const file of readdirSync(folder.path)) expect(statSync(join(folder.path, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder.path, 'config.yaml'), 'utf8')).not.toContain('token');
  });

  it('is not believed when others could have read or changed it', async () => {
    using folder = new TestFolder();
    const settings = known(folder);
    chmodSync(join(folder.path, 'credentials.yaml'), 0o640);
    expect(await typed(['whoami'], { settings })).toMatchObject({ code: 4, notes: expect.stringContaining('Next: chmod 600 ') });
  });

  it('is forgotten with the target', () => {
    using folder = new TestFolder();
    known(folder);
    const targets = new Targets(folder.path);
    targets.remove('team');
    expect([targets.current(), targets.credentialOf('team'), targets.all().map(({ name }) => name)]).toEqual([
      undefined,
      undefined,
      ['here'],
    ]);
    expect(readFileSync(join(folder.path, 'credentials.yaml'), 'utf8')).not.toContain('team');
  });
});

describe('where a command goes', () => {
  it.each([
    ['to the current target', {}, {}, { url: TEAM.url, token: 'token-of-team', workspace: 'hotel' }],
    ['to the target that a flag names', { target: 'here' }, {}, { url: 'http://127.0.0.1:4000', token: 'token-of-here' }],
    ['to the target that the environment names', {}, { target: 'here' }, { url: 'http://127.0.0.1:4000', token: 'token-of-here' }],
    ['to the server of the environment, with its token alone', {}, { url: 'http://ci.test' }, { url: 'http://ci.test' }],
    ['to the server of the environment', {}, { url: 'http://ci.test', token: 'ci' }, { url: 'http://ci.test', token: 'ci' }],
    [
      'to a target with what is kept for it, whatever the environment says',
      { to: 'team' },
      { url: 'http://ci.test', token: 'ci' },
      { url: TEAM.url, token: 'token-of-team', workspace: 'hotel' },
    ],
    [
      'into the workspace that a flag names',
      { workspace: 'mill' },
      { workspace: 'lac' },
      { url: TEAM.url, token: 'token-of-team', workspace: 'mill' },
    ],
    ['into the workspace of the environment', {}, { workspace: 'lac' }, { url: TEAM.url, token: 'token-of-team', workspace: 'lac' }],
  ])('is %s', (_, given, environment, place) => {
    using folder = new TestFolder();
    expect(placeOf(flags(given), { ...known(folder), ...environment })).toEqual(place);
  });

  it('is nowhere when nothing says so', async () => {
    using folder = new TestFolder();
    expect(await typed(['whoami'], { settings: { configFolder: folder.path } })).toMatchObject({
      code: 2,
      notes: expect.stringContaining('cli.no_target'),
    });
  });
});

import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../testing/folder';
import { adminPort, lookOf, settingsOf } from './config';

const terminal = { isTTY: true, columns: 120 };

describe('how a stream is written to', () => {
  it('is with colour on a terminal only', () => {
    expect(lookOf(terminal, {})).toEqual({ colour: true, columns: 120 });
    expect(lookOf({}, {})).toEqual({ colour: false, columns: 100 });
  });

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'dumb', CLICOLOR_FORCE: '1' }, true],
    [{ NO_COLOR: '1', CLICOLOR_FORCE: '1' }, false],
  ])('obeys %j on a terminal', (environment, colour) => {
    expect(lookOf(terminal, environment).colour).toBe(colour);
  });

  it('is with colour in a pipe when that is asked for', () => {
    expect(lookOf({}, { CLICOLOR_FORCE: '1' }).colour).toBe(true);
    expect(lookOf({}, { CLICOLOR_FORCE: '0' }).colour).toBe(false);
  });

  it('is as wide as COLUMNS says', () => {
    expect(lookOf(terminal, { COLUMNS: '60' }).columns).toBe(60);
    expect(lookOf(terminal, { COLUMNS: 'wide' }).columns).toBe(120);
  });
});

describe('what the environment says', () => {
  it('is a server, a token, a workspace and a target, each also in a file', () => {
    using folder = new TestFolder({ token: 'mrp_secret\n' });
    const environment = {
      XDG_CONFIG_HOME: '/home/ada/conf',
      MILLRACE_URL: 'http://mill.test/',
      MILLRACE_TOKEN_FILE: join(folder.path, 'token'),
      MILLRACE_WORKSPACE: 'hotel',
      MILLRACE_TARGET: '',
    };
    expect(settingsOf(environment)).toEqual({
      configFolder: join('/home/ada/conf', 'millrace'),
      url: 'http://mill.test',
      token: 'mrp_secret',
      workspace: 'hotel',
    });
    expect(Object.keys(settingsOf({}))).toEqual(['configFolder']);
  });

  it('lets in at the admin port by a token in a file, too', () => {
    using folder = new TestFolder({ token: 'of operators\n' });
    expect(adminPort(undefined, { MILLRACE_ADMIN_TOKEN_FILE: join(folder.path, 'token') }).token).toBe('of operators');
  });
});

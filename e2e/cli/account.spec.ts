import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectDevice, openCliGround, type CliGround } from './ground';

describe('signing in from a command line', () => {
  let ground: CliGround;

  beforeAll(async () => {
    ground = await openCliGround();
  });

  afterAll(async () => {
    await ground.stop();
  });

  /** Signs in by the device grant; the person signs in while the command waits. */
  const login = async (name: string, words: readonly string[]) => {
    let connected: Promise<string> | undefined;
    return ground.type(words, {
      onNote: (note) => {
        if (note.startsWith('Open')) connected = connectDevice(note, name);
      },
      time: {
        now: () => Date.now(),
        pause: async () => {
          await connected;
        },
      },
    });
  };

  it('shows a code, waits until the person has signed in, and keeps a token that nobody else may read', async () => {
    const { code, notes } = await login('ada', ['login', ground.millrace.url, '--name', 'here']);
    expect({ code, notes }).toEqual({ code: 0, notes: expect.stringContaining('Signed in as Ada Miller at ') });
    const credentials = join(ground.configFolder, 'credentials.yaml');
    expect(readFileSync(credentials, 'utf8')).toMatch(/^here:\n {2}token: mrp_/);
    expect([statSync(credentials).mode & 0o777, statSync(join(ground.configFolder, 'config.yaml')).mode & 0o777]).toEqual([0o600, 0o600]);
  });

  it('says who one is, for people and for programs', async () => {
    expect((await ground.say('whoami')).output).toMatch(/^name {8}\S+\nid {10}usr_\w+\nkind {8}user\n/);
    expect(JSON.parse((await ground.say('whoami -o json')).output)).toMatchObject({ kind: 'user', scopes: ['*:*'] });
  });

  it('knows servers by names', async () => {
    expect(await ground.say('targets use here -w hotel')).toMatchObject({ code: 0 });
    expect((await ground.say('targets list')).output).toMatch(/^ +NAME +URL +WORKSPACE\n\* +here +http:\/\/\S+ +hotel\n$/);
    expect(await ground.say('targets use her')).toMatchObject({ code: 3, notes: expect.stringContaining('Did you mean `here`?') });
    expect(await ground.say('whoami -t elsewhere')).toMatchObject({ code: 3, notes: expect.stringContaining('cli.target_unknown') });
  });

  it('is asked for where it is missing, and says how', async () => {
    const settings = { url: ground.millrace.url };
    expect(await ground.say('workspaces list', { settings })).toMatchObject({
      code: 4,
      notes: expect.stringMatching(/^millrace: unauthenticated \(api\.sign_in_needed\)\n(.*\n)*? {2}Next: millrace login http/),
    });
  });

  it('is refused with what was said, when the person refuses or the server is none', async () => {
    expect(await ground.say('login http://127.0.0.1:1')).toMatchObject({
      code: 7,
      notes: expect.stringContaining('Nobody answers at http://127.0.0.1:1'),
    });
    expect(await ground.say('login ftp://')).toMatchObject({ code: 2 });
  });

  it('takes a token from elsewhere, when it is good', async () => {
    const bad = await ground.type(['login', ground.millrace.url, '--name', 'ci', '--token-stdin'], { input: 'mrp_nobody_knows\n' });
    expect(bad.code).toBe(4);
    const token = await ground.millrace.token('bob');
    const good = await ground.type(['login', ground.millrace.url, '--name', 'ci', '--token-stdin', '-q'], { input: `${token}\n` });
    expect(good).toEqual({ code: 0, output: '', notes: '' });
    expect((await ground.say('whoami -t ci -o name')).output).toBe('Bob Weaver\n');
    expect((await ground.say('whoami -t here -o name')).output).toMatch(/^usr_/);
  });

  it('makes a new token for each sign-in and revokes the one before', async () => {
    const kept = (): string => /token: (\S+)/.exec(readFileSync(join(ground.configFolder, 'credentials.yaml'), 'utf8'))?.[1] ?? '';
    const before = kept();
    expect(await login('ada', ['login', '--target', 'here'])).toMatchObject({ code: 0 });
    expect(kept()).not.toBe(before);
    const settings = { url: ground.millrace.url, token: before };
    let code = 0;
    // Gateways learn of it within two seconds.
    for (const end = Date.now() + 10_000; code === 0 && Date.now() < end;) ({ code } = await ground.say('whoami', { settings }));
    expect(code).toBe(4);
  });

  it('ends: the token is revoked and forgotten', async () => {
    expect(await ground.say('logout here')).toMatchObject({ code: 0, notes: 'Signed out of `here`.\n' });
    expect(await ground.say('whoami -t here')).toMatchObject({ code: 4 });
    expect(await ground.say('logout here')).toMatchObject({ code: 3, notes: expect.stringContaining('cli.not_signed_in') });
    expect(await ground.say('targets remove here')).toMatchObject({ code: 0 });
    expect((await ground.say('targets list -o name')).output).toBe('ci\n');
  });
});

import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { down, status } from './down.mjs';
import type { Launch, Server } from './server.mjs';
import { up } from './up.mjs';

/** A server that answers on its port, writes one line and, on a bad day, fails as the case asks. */
const PROGRAM = `
  const [port, mood] = process.argv.slice(-2);
  console.log('mood ' + mood);
  if (mood === 'falls over') process.exit(3);
  if (mood === 'does not listen to SIGTERM') process.on('SIGTERM', () => console.log('not yet'));
  require('node:http').createServer((_, answer) => mood === 'says nothing' || answer.end(mood === 'is never well' ? 'ill' : 'well')).listen(Number(port), '127.0.0.1');
`;

let folder: string;
let installs: number;

const place = () => ({ folder: join(folder, 'stack'), cache: join(folder, 'cache') });

function fake(mood = 'is well', more: Partial<Server> = {}): Server {
  return {
    name: 'fake',
    version: '1',
    needs: [],
    install: async ({ cache }) => {
      installs += 1;
      writeFileSync(join(cache, 'program.cjs'), PROGRAM);
    },
    launch: async ({ cache, port }) => launchOf(join(cache, 'program.cjs'), port(), mood),
    ...more,
  };
}

function launchOf(program: string, port: number, mood: string): Launch {
  const url = `http://127.0.0.1:${port}`;
  return {
    command: process.execPath,
    args: [program, String(port), mood],
    settings: { MILLRACE_FAKE_URL: url },
    healthy: async (signal) => (await (await fetch(url, { signal })).text()) === 'well',
    patience: mood === 'is never well' || mood === 'says nothing' ? 500 : 30_000,
  };
}

async function start(server = fake()) {
  const { running, failures } = await up([server], place());
  expect(failures).toEqual([]);
  const state = running['fake'];
  if (!state) throw new Error('The fake server is not among those that run.');
  return state;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-stack-'));
  installs = 0;
});

afterEach(async () => {
  await down([], { ...place(), grace: 0 });
  rmSync(folder, { recursive: true, force: true });
});

describe('a stack that is started', () => {
  it('runs the server when it comes back, and tells how to reach it', async () => {
    const { settings, log } = await start();
    await expect((await fetch(settings['MILLRACE_FAKE_URL'] ?? '')).text()).resolves.toBe('well');
    expect(readFileSync(log, 'utf8')).toBe('mood is well\n');
    expect(status(place().folder)['fake']).toMatchObject({ up: true, settings });
  });

  it('leaves alone what runs already', async () => {
    const first = await start();
    expect(await start()).toEqual(first);
  });

  it('starts one server when two ask for it at once', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one).toEqual(other);
    expect(installs).toBe(1);
  });

  it('replaces a server of another version', async () => {
    const first = await start();
    const second = await start(fake('is well', { version: '2' }));
    expect(second.pid).not.toBe(first.pid);
    expect(second.settings).toEqual(first.settings);
  });

  it('says what the machine lacks', async () => {
    const server = fake('is well', { needs: [{ program: 'no-such-program', advice: 'It grows on trees.' }] });
    const { running, failures } = await up([server], place());
    expect(running).toEqual({});
    expect(failures).toEqual([{ name: 'fake', reason: 'It needs no-such-program. It grows on trees.' }]);
  });

  it('shows the end of the log of a server that ends before it is ready', async () => {
    const { failures } = await up([fake('falls over')], place());
    expect(failures[0]?.reason).toMatch(/ended before it was ready\. The end of .*fake\.log:\n {2}mood falls over/);
    expect(status(place().folder)).toMatchObject({ fake: { up: false } });
  });

  it.each(['is never well', 'says nothing'])('stops a server that takes longer than it may: it %s', async (mood) => {
    const { failures } = await up([fake(mood)], place());
    expect(failures[0]?.reason).toMatch(/was not ready within 0\.5 s/);
    expect(status(place().folder)).toMatchObject({ fake: { up: false } });
  });

  it('asks again when a question hangs', async () => {
    const asked: AbortSignal[] = [];
    const hanging = fake('is well', {
      launch: async ({ cache, port }) => {
        const launch = launchOf(join(cache, 'program.cjs'), port(), 'is well');
        const healthy: Launch['healthy'] = (signal) => {
          asked.push(signal);
          return asked.length === 1 ? new Promise(() => undefined) : launch.healthy(signal);
        };
        return { ...launch, healthy, patience: 6_000 };
      },
    });
    await start(hanging);
    expect(asked[0]?.aborted).toBe(true);
  });

  it('starts the others when one fails', async () => {
    const broken = { ...fake('falls over'), name: 'broken' };
    const { running, failures } = await up([broken, fake()], place());
    expect(Object.keys(running)).toEqual(['fake']);
    expect(failures.map(({ name }) => name)).toEqual(['broken']);
  });
});

describe('the files of a server', () => {
  it('are fetched once, whatever is stopped and started', async () => {
    await start();
    await down([], place());
    await start();
    expect(installs).toBe(1);
  });

  it('are fetched again after a download that broke off', async () => {
    const broken = fake('is well', {
      install: async ({ cache }) => {
        writeFileSync(join(cache, 'half'), '');
        throw new Error('The line was cut.');
      },
    });
    const { failures } = await up([broken], place());
    expect(failures[0]?.reason).toMatch(/The line was cut/);
    await start();
    expect(existsSync(join(place().cache, 'fake-1', 'half'))).toBe(false);
  });

  it('come with the end of the output of a program that failed to make them', async () => {
    const broken = fake('is well', {
      install: async ({ run }) => run(process.execPath, ['-e', 'console.error("no room"); process.exit(4)']),
    });
    const { failures } = await up([broken], place());
    expect(failures[0]?.reason).toMatch(/failed \(4\):\n {2}no room/);
  });
});

describe('a stack that is stopped', () => {
  it('keeps data and addresses for the next start', async () => {
    const { settings } = await start();
    writeFileSync(join(place().folder, 'fake', 'data'), 'kept');
    await expect(down([], place())).resolves.toEqual(['fake']);
    expect(status(place().folder)).toEqual({});
    expect((await start()).settings).toEqual(settings);
    expect(readFileSync(join(place().folder, 'fake', 'data'), 'utf8')).toBe('kept');
  });

  it('is refused while somebody else has its address', async () => {
    const { settings } = await start();
    await down([], place());
    const other = createServer().listen(Number(new URL(settings['MILLRACE_FAKE_URL'] ?? '').port), '127.0.0.1');
    await once(other, 'listening');
    const { failures } = await up([fake()], { ...place(), patience: 0 });
    expect(failures).toEqual([{ name: 'fake', reason: expect.stringContaining('is taken') }]);
    await promisify(other.close.bind(other))();
    expect((await start()).settings).toEqual(settings);
  });

  it('loses the data when it is started afresh', async () => {
    const first = await start();
    writeFileSync(join(place().folder, 'fake', 'data'), 'lost');
    const { running } = await up([fake()], { ...place(), fresh: true });
    expect(running['fake']?.pid).not.toBe(first.pid);
    expect(existsSync(join(place().folder, 'fake', 'data'))).toBe(false);
  });

  it('kills a server that does not stop when asked', async () => {
    const { settings } = await start(fake('does not listen to SIGTERM'));
    await down([], { ...place(), grace: 100 });
    await expect(fetch(settings['MILLRACE_FAKE_URL'] ?? '')).rejects.toThrow();
  });

  it('never touches a process that got the number of one that ended', async () => {
    await start();
    const file = join(place().folder, 'state.json');
    const stranger = readFileSync(file, 'utf8').replace(/"pid": \d+/, `"pid": ${process.pid}`);
    const own = status(place().folder)['fake'];
    writeFileSync(file, stranger);
    expect(status(place().folder)['fake']?.up).toBe(false);
    await expect(down([], place())).resolves.toEqual(['fake']);
    if (own) process.kill(own.pid, 'SIGKILL');
  });

  it('says when nothing ran', async () => {
    await expect(down(['fake'], place())).resolves.toEqual([]);
  });
});

describe('a server that refuses root', () => {
  it('is started as somebody else', async () => {
    const server = fake('is well', {
      launch: async ({ cache, port }) => {
        const launch = launchOf(join(cache, 'program.cjs'), port(), 'is well');
        return {
          ...launch,
          args: ['-e', `console.log(process.getuid()); require(${JSON.stringify(launch.args[0])})`, ...launch.args.slice(1)],
          user: 'nobody',
        };
      },
    });
    const { log } = await start(server);
    expect(readFileSync(log, 'utf8')).not.toMatch(/^0\n/);
  });
});

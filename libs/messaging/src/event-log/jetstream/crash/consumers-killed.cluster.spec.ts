import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { anEvent, events, idsOf, notes } from '../../contract/fixture';
import type { Notes } from '../../contract/fixture';
import { JetStreamEventLog } from '../jetstream-event-log';
import { LogFixtures } from '../log-fixtures';

// A busy machine may take its time.
jest.setTimeout(180_000);

const KEYS = 40;
const fixtures = new LogFixtures(process.env['MILLRACE_NATS_URL']);

type Line = readonly [what: 'begin' | 'end' | 'lost' | 'paused' | 'ready' | 'stopped', id: string, key: string];

describe('consumers of an ordered durable in several processes', () => {
  let prefix: string;
  let log: JetStreamEventLog;
  let children: Consumer[];

  beforeEach(async () => {
    prefix = fixtures.prefix();
    log = await JetStreamEventLog.open(fixtures.options(prefix));
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.ended));
    await log.close();
    await fixtures.remove(prefix);
  });

  const begin = async (said: Notes<Line>, attempts = 5): Promise<Consumer> => {
    const child = new Consumer(fixtures.servers, prefix, said, attempts);
    children.push(child);
    await child.ready;
    return child;
  };
  const appendForAWhile = async (count: number): Promise<readonly string[]> =>
    idsOf(await log.append(events(count, (n) => ({ key: `k${n % KEYS}` }))));

  it('share the lanes, and one that stops in order hands its own over without a repeat', async () => {
    const said = notes<Line>();
    const [first, second] = [await begin(said), await begin(said)];
    const wanted = [...(await appendForAWhile(400))];
    await said.until(500);
    await first.stop();
    wanted.push(...(await appendForAWhile(200)));
    await untilEnded(said, wanted);
    expect(Math.min(first.begun.length, second.begun.length)).toBeGreaterThan(50);
    expect(said.all.filter(([what]) => what === 'begin')).toHaveLength(600);
    expectInOrder(said, wanted);
    expect(twoAtOnce(said.all)).toEqual([]);
  });

  it('take over the lanes of one that is killed, in the order of keys', async () => {
    const said = notes<Line>();
    const [victim, survivor] = [await begin(said), await begin(said)];
    const wanted = [...(await appendForAWhile(600))];
    await said.until(400);
    victim.kill('SIGKILL');
    await victim.ended;
    wanted.push(...(await appendForAWhile(200)));
    await untilEnded(said, wanted);
    const [own, taken] = [new Set(victim.begun), survivor.begun];
    expect(taken.filter((id) => own.has(id)).length).toBeLessThanOrEqual(64);
    // What the victim had in hand has no end: the next of its key may begin only after it was begun again.
    expectInOrder(said, wanted);
    expect(twoAtOnce(survivorsOf(said.all, victim))).toEqual([]);
  });

  it('take over the lanes of one that is paused, which begins with nothing of theirs when it wakes', async () => {
    const said = notes<Line>();
    const [sleeper, survivor] = [await begin(said), await begin(said)];
    const wanted = [...(await appendForAWhile(600))];
    await said.until(400);
    const begunBefore = await sleeper.pause();
    wanted.push(...(await appendForAWhile(200)));
    await untilEnded(said, wanted);
    sleeper.kill('SIGCONT');
    const later = await appendForAWhile(200);
    await untilEnded(said, later);
    const others = new Set(survivor.begun);
    expect(sleeper.begun.slice(begunBefore).filter((id) => others.has(id))).toEqual([]);
    expectInOrder(said, [...wanted, ...later]);
  });

  it('bury an event that kills whoever handles it, and handle all others', async () => {
    const said = notes<Line>();
    const poison = anEvent({ id: 'poison', subject: 'poison', key: 'p' });
    const wanted = [...(await appendForAWhile(100)), ...idsOf(await log.append([poison, anEvent({ key: 'p' })])).slice(1)];
    let starts = 0;
    while ((await log.dead('d').list(1)).length === 0) {
      starts += 1;
      const child = await begin(said, 2);
      await Promise.race([child.ended, untilEnded(said, wanted)]);
    }
    if (children.every((child) => child.isOver)) await begin(said, 2);
    await untilEnded(said, wanted);
    expect(await log.dead('d').list(10)).toMatchObject([
      { event: { id: 'poison' }, reason: expect.stringContaining('log.handler_crashed') },
    ]);
    expect(starts).toBeLessThanOrEqual(5);
  });
});

async function untilEnded(said: Notes<Line>, wanted: readonly string[]): Promise<void> {
  const ended = (): Set<string> => new Set(said.all.filter(([what]) => what === 'end').map(([, id]) => id));
  while (!isSubset(wanted, ended())) await said.until(said.all.length + 1);
}

function isSubset(some: readonly string[], all: ReadonlySet<string>): boolean {
  return some.every((id) => all.has(id));
}

/** The first beginnings of each key are in the order of the log. */
function expectInOrder(said: Notes<Line>, wanted: readonly string[]): void {
  const begun = new Map<string, string[]>();
  for (const [what, id, key] of said.all) {
    if (what !== 'begin' || !wanted.includes(id)) continue;
    const ids = begun.get(key) ?? [];
    if (!ids.includes(id)) begun.set(key, [...ids, id]);
  }
  for (const ids of begun.values()) expect(ids).toEqual(wanted.filter((id) => ids.includes(id)));
}

/** Keys of which two events were in hand at once. */
function twoAtOnce(lines: readonly Line[]): readonly string[] {
  const [busy, twice] = [new Map<string, string>(), new Set<string>()];
  for (const [what, id, key] of lines) {
    if (what === 'begin' && busy.has(key)) twice.add(key);
    if (what === 'begin') busy.set(key, id);
    if (what === 'end') busy.delete(key);
  }
  return [...twice];
}

/** Without what a killed process began and never ended. */
function survivorsOf(lines: readonly Line[], { unended }: Consumer): readonly Line[] {
  const left = new Set(unended);
  return lines.filter((line) => !(line[0] === 'begin' && left.delete(line[1])));
}

class Consumer {
  readonly begun: string[] = [];
  readonly ready: Promise<void>;
  readonly ended: Promise<unknown>;
  readonly #open = new Set<string>();
  readonly #paused = Promise.withResolvers<number>();
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;

  constructor(url: string, prefix: string, said: Notes<Line>, attempts: number) {
    const hooks = new URL('../../../../../../tools/jest/run-typescript.mjs', import.meta.url);
    const program = fileURLToPath(new URL('./process-to-kill.ts', import.meta.url));
    this.#child = spawn(process.execPath, ['--import', hooks.href, program, url, prefix, String(attempts)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = once(this.#child, 'close');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    createInterface(this.#child.stdout).on('line', (text) => {
      // The NATS client has something to say of its own when it closes.
      if (!text.startsWith('[')) return;
      const line = JSON.parse(text) as Line;
      if (line[0] === 'ready') resolve();
      if (line[0] === 'paused') this.#paused.resolve(this.begun.length);
      if (line[0] === 'begin') this.begun.push(line[1]);
      if (line[0] === 'begin') this.#open.add(line[1]);
      if (line[0] === 'end') this.#open.delete(line[1]);
      if (line[0] === 'begin' || line[0] === 'end') said.add(line);
    });
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What it began and never ended. */
  get unended(): readonly string[] {
    return [...this.#open];
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** It stands still until SIGCONT; answers how many it had begun by then. */
  async pause(): Promise<number> {
    this.#child.stdin.write('pause\n');
    return this.#paused.promise;
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.ended;
  }
}

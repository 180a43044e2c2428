import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { aDurable, anEvent, collect, done, events, idsOf, notes, settled } from '../../contract/fixture';
import { SqliteEventLog } from '../sqlite-event-log';

// A busy machine may take its time.
jest.setTimeout(60_000);

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

describe('SqliteEventLog under kill -9', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-crash-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** What is kept when a process dies needs no disk that is waited for. */
  const open = (): SqliteEventLog =>
    new SqliteEventLog({ file: join(folder, 'log.db'), clock: new SystemClock(), durability: 'fast', backOff: [1] });

  /** Runs the process until it printed `lines` lines (then kills it) or ended; answers what it printed, and whether it was killed. */
  const run = async (work: 'append' | 'consume', lines: number): Promise<{ printed: readonly string[]; killed: boolean }> => {
    const hooks = new URL('../../../../../../tools/jest/run-typescript.mjs', import.meta.url);
    const program = new URL('./process-to-kill.ts', import.meta.url);
    const child = spawn(process.execPath, ['--import', hooks.href, fileURLToPath(program), work, join(folder, 'log.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const printed: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      if (printed.push(line) === lines) child.kill('SIGKILL');
    }
    await ended;
    return { printed, killed: child.signalCode === 'SIGKILL' };
  };

  it('has every event it said it had, once, in order, and goes on in the same epoch', async () => {
    const first = open();
    const { epoch } = await first.range();
    await first.close();
    const { printed: acknowledged, killed } = await run('append', 3_000);
    expect(killed).toBe(true);
    const log = open();
    const kept = idsOf(await collect(log.read('first', '*.>', { live: false })));
    expect(new Set(kept).size).toBe(kept.length);
    expect(acknowledged.filter((id) => !kept.includes(id))).toEqual([]);
    const ofOneCaller = kept.filter((id) => id.startsWith('3-'));
    const numbers = ofOneCaller.map((id) => Number(id.split('-')[1]) * 3 + Number(id.split('-')[2]));
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index));
    expect((await log.range()).epoch).toBe(epoch);
    await log.close();
  });

  it('delivers every event at least once, in the order of its key, with a bounded number of repeats', async () => {
    const before = open();
    const wanted = await before.append(events(5_000, (n) => ({ key: `k${n % 50}` })));
    await before.close();
    const { printed: first, killed } = await run('consume', 2_500);
    expect(killed).toBe(true);
    const log = open();
    const rest = notes<string>();
    const total = new Set(first);
    await log.consume(aDurable({ parallel: 4 }), async ({ id }) => {
      total.add(id);
      rest.add(id);
      return done;
    });
    await settled(log);
    while (total.size < wanted.length) await rest.until(rest.all.length + 1);
    expect(total.size).toBe(5_000);
    expect(first.length + rest.all.length - total.size).toBeLessThanOrEqual(1_000);
    await log.close();
  });

  it('buries an event that kills its process, and handles the others', async () => {
    const before = open();
    const poison = anEvent({ id: 'poison', subject: 'poison' });
    await before.append([...events(20), poison, ...events(19), anEvent({ subject: 'last' })]);
    await before.close();
    const handled = new Set<string>();
    let starts = 0;
    for (let killed = true; killed; starts++) {
      const attempt = await run('consume', Infinity);
      attempt.printed.forEach((id) => handled.add(id));
      killed = attempt.killed;
    }
    const log = open();
    expect(await log.dead('d').list(10)).toMatchObject([
      { event: { id: 'poison' }, reason: expect.stringContaining('log.handler_crashed') },
    ]);
    expect(starts).toBeLessThanOrEqual(5);
    expect(handled.size).toBe(40);
    await log.close();
  });
});

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { aDurable, anEvent, collect, done, events, gate, idsOf, notes, settled, take } from '../contract/fixture';
import type { Outcome } from '../event-log';
import { eventLogContract } from '../event-log.contract';
import { SqliteEventLog } from './sqlite-event-log';

// A busy machine may take its time.
jest.setTimeout(60_000);

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

eventLogContract('SqliteEventLog', async (settings = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-log-'));
  const open = (): SqliteEventLog =>
    new SqliteEventLog({ file: join(folder, 'log.db'), clock: new SystemClock(), durability: 'fast', backOff: [1], ...settings });
  let log = open();
  return {
    log,
    reopen: async () => {
      await log.close();
      log = open();
      return log;
    },
    close: async () => {
      await log.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('SqliteEventLog', () => {
  let folder: string;
  let logs: SqliteEventLog[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-log-'));
    logs = [];
  });

  afterEach(async () => {
    await Promise.all(logs.map((log) => log.close()));
    rmSync(folder, { recursive: true });
  });

  const open = (at = 'log.db'): SqliteEventLog => {
    const log = new SqliteEventLog({
      file: join(folder, at),
      clock: new SystemClock(),
      durability: 'fast',
      backOff: [1],
      chance: () => 0.5,
    });
    logs.push(log);
    return log;
  };
  /** Opens what a kill at this moment would leave. */
  const openAfterKill = (before = 'log.db', after = 'killed.db'): SqliteEventLog => {
    const files = readdirSync(folder).filter((file) => file.startsWith(before));
    for (const file of files) cpSync(join(folder, file), join(folder, file.replace(before, after)));
    return open(after);
  };
  const dead = async (): Promise<Outcome> => ({ kind: 'dead', reason: 'no' });
  const untilLetters = async (log: SqliteEventLog, count: number): Promise<void> => {
    while ((await log.dead('d').list(100)).length !== count) await settled(log);
  };

  it('refuses a file that is in use, and one of another version', async () => {
    const log = open();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'log.in_use', refusal: 'unavailable' }));
    await log.close();
    const db = new DatabaseSync(join(folder, 'log.db'));
    db.exec('UPDATE meta SET schema = 99');
    db.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'log.schema_unknown' }));
  });

  it('begins a new epoch when it is shorter than it had been, and leaves out no event after that', async () => {
    const log = open();
    const seen = notes<string>();
    await log.append(events(3));
    const { epoch, last } = await log.range();
    const consumption = await log.consume(aDurable(), async ({ id }) => {
      seen.add(id);
      return done;
    });
    await seen.until(3);
    await consumption.stop(1_000);
    await log.close();
    const db = new DatabaseSync(join(folder, 'log.db'));
    db.exec("DELETE FROM log WHERE offset > 1; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'log'");
    db.close();
    const shorter = open();
    const range = await shorter.range();
    expect([range.last, range.epoch === epoch]).toEqual([1n, false]);
    await expect(collect(shorter.read({ epoch, offset: last }, '*.>', { live: false }))).rejects.toMatchObject({
      code: 'log.epoch_changed',
    });
    await expect(shorter.remove([{ epoch, offset: last }])).rejects.toMatchObject({ code: 'log.epoch_changed' });
    const [next] = await shorter.append([anEvent()]);
    await shorter.consume(aDurable(), async ({ id }) => {
      seen.add(id);
      return done;
    });
    expect((await seen.until(4)).at(-1)).toBe(next?.id);
    await shorter.close();
    expect(await open().range()).toMatchObject({ epoch: range.epoch });
  });

  it('begins a new epoch when another log lies beside its mark, and keeps it when the mark is lost', async () => {
    const log = open();
    const { epoch } = await log.range();
    await log.close();
    writeFileSync(join(folder, 'log.db-mark'), 'other_0-12\n');
    const replaced = open();
    const second = await replaced.range();
    expect(second.epoch).not.toBe(epoch);
    await replaced.close();
    rmSync(join(folder, 'log.db-mark'));
    expect((await open().range()).epoch).toBe(second.epoch);
  });

  it('leaves no byte of an erased payload in its files', async () => {
    const log = open();
    const payload = new TextEncoder().encode(`{"name":"${'somebody '.repeat(2_000)}"}`);
    await log.consume(aDurable({ filter: ['*.dying'] }), dead);
    const appended = await log.append([anEvent({ payload }), anEvent({ payload, type: 'dying' }), anEvent()]);
    await untilLetters(log, 1);
    await log.remove(appended.map(({ position }) => position));
    for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file)).includes('somebody')).toBe(false);
  });

  it('reads from the file what is too far back for memory', async () => {
    const log = open();
    const wanted = events(6_000);
    await log.append(wanted);
    expect(idsOf(await collect(log.read('first', '*.>', { live: false })))).toEqual(idsOf(wanted));
    const large = events(40, () => ({ payload: new TextEncoder().encode(`{"a":"${'x'.repeat(256 * 1024)}"}`), type: 'large' }));
    await log.append(large);
    expect(idsOf(await collect(log.read('first', '*.large', { live: false })))).toEqual(idsOf(large));
    expect(idsOf(await take(1, log.read('first', '*.>', { live: true })))).toEqual(idsOf(wanted.slice(0, 1)));
  });

  it('lets other keys pass thousands of events that wait behind one', async () => {
    const log = open();
    const [hold, passed, waited] = [gate(), notes<string>(), notes<string>()];
    await log.consume(aDurable({ parallel: 4 }), async ({ id, key }) => {
      if (key === 'stuck') await hold.opened;
      (key === 'stuck' ? waited : passed).add(id);
      return done;
    });
    const wanted = events(6_000, (n) => ({ key: n % 2 === 0 ? 'stuck' : `k${n % 10}` }));
    await log.append(wanted);
    await passed.until(3_000);
    hold.open();
    expect(await waited.until(3_000)).toEqual(idsOf(wanted.filter(({ key }) => key === 'stuck')));
  });

  it('takes nothing new while more than a thousand events fail, and all of them in the end', async () => {
    const log = open();
    const seen = new Set<string>();
    const [isDown, finished] = [gate(), notes<string>()];
    let mended = false;
    await log.consume(aDurable({ order: 'none', attempts: 'unlimited', parallel: 64 }), async ({ id }) => {
      seen.add(id);
      if (seen.size >= 1_024) isDown.open();
      if (!mended) return { kind: 'retry', delay: 20, reason: 'down' };
      finished.add(id);
      return done;
    });
    await log.append(events(3_000));
    await isDown.opened;
    await settled(log);
    expect(seen.size).toBeLessThanOrEqual(1_024 + 64);
    mended = true;
    expect(new Set(await finished.until(3_000)).size).toBe(3_000);
  });

  it('goes on after a kill with what was in hand, and with an answer for a dead letter whose redrive nobody reported', async () => {
    const log = open();
    const [begun, hold] = [gate(), gate()];
    let isDead = true;
    await log.consume(aDurable(), async () => {
      if (isDead) return dead();
      begun.open();
      await hold.opened;
      return done;
    });
    await log.append([anEvent()]);
    await untilLetters(log, 1);
    isDead = false;
    await log.dead('d').redrive('1');
    await begun.opened;
    const [late] = await log.append([anEvent()]);
    await settled(log);
    const survivor = openAfterKill();
    const seen = notes<unknown>();
    await survivor.consume(aDurable(), async ({ id }, { attempt }) => {
      seen.add([id, attempt]);
      return done;
    });
    expect((await seen.until(1)).at(-1)).toEqual([late?.id, 1]);
    while ((await survivor.dead('d').get('1'))?.attempts !== 2) await settled(survivor);
    expect(await survivor.dead('d').get('1')).toMatchObject({ reason: expect.stringContaining('log.handler_crashed') });
    hold.open();
  });

  it('hands out together what one counted kill left in hand, and alone what the next one did: only that is no chance', async () => {
    const hold = gate();
    const inHand = async (log: SqliteEventLog, count: number): Promise<number> => {
      const begun = notes<string>();
      await log.consume(aDurable({ parallel: 8 }), async ({ id }) => {
        begun.add(id);
        await hold.opened;
        return done;
      });
      await begun.until(count);
      await settled(log);
      return begun.all.length;
    };
    const log = open();
    await log.append(Array.from({ length: 8 }, () => anEvent()));
    expect(await inHand(log, 8)).toBe(8);
    const kills = ['log.db', 'one.db', 'two.db', 'three.db'];
    const left = [];
    for (const [index, count] of [8, 8, 1].entries()) left.push(await inHand(openAfterKill(kills[index], kills[index + 1]), count));
    expect(left).toEqual([8, 8, 1]);
    hold.open();
  });

  it('finishes the appends it has when it is closed, and may be closed twice', async () => {
    const log = open();
    const appending = log.append(events(3));
    await log.close();
    await log.close();
    expect(await appending).toHaveLength(3);
  });

  it('ends the grace of a consumption when it is closed', async () => {
    const log = open();
    const begun = gate();
    const consumption = await log.consume(aDurable(), (_, { signal }) => {
      begun.open();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(done)));
    });
    await log.append(events(1));
    await begun.opened;
    const stopping = consumption.stop(3_600_000);
    await log.close();
    await stopping;
  });

  it('works in memory, for tests', async () => {
    const log = new SqliteEventLog({ file: ':memory:', clock: new SystemClock() });
    const appended = await log.append(events(2));
    expect(idsOf(await collect(log.read('first', '*.>', { live: false })))).toEqual(idsOf(appended));
    await log.close();
  });
});

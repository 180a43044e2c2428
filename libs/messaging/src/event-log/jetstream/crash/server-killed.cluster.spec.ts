import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aDurable, anEvent, collect, done, idsOf, notes } from '../../contract/fixture';
import type { NewEvent } from '../../event';
import { JetStreamEventLog } from '../jetstream-event-log';
import { LogFixtures } from '../log-fixtures';
import { LogNames } from '../server/log-names';

// A busy machine may take its time.
jest.setTimeout(180_000);

const nextTurn = promisify(setImmediate);
const CALLERS = 8;
const KEYS = 16;

describe('JetStreamEventLog and how its server syncs', () => {
  it('takes a server that syncs each second for `fast` only', async () => {
    const server = new PrivateServer('1s');
    await server.start();
    const options = { ...new LogFixtures(server.url).options('t'), monitor: server.monitor };
    const refused = { code: 'log.not_synced', message: expect.stringContaining('sync_interval: always') };
    await expect(JetStreamEventLog.open({ ...options, durability: 'safe' })).rejects.toMatchObject(refused);
    await (await JetStreamEventLog.open(options)).close();
    await server.remove();
  });
});

describe('JetStreamEventLog when its server is killed', () => {
  let server: PrivateServer;
  let line: WatchedLine;
  let log: JetStreamEventLog;

  beforeEach(async () => {
    server = new PrivateServer();
    await server.start();
    line = await WatchedLine.to(server.url);
    const options = new LogFixtures(server.url).options('t');
    log = await JetStreamEventLog.open({ ...options, connection: line.connection, durability: 'safe', monitor: server.monitor });
  });

  afterEach(async () => {
    await log.close();
    await line.connection.close();
    await server.remove();
  });

  it('loses nothing it acknowledged, goes on by itself, and keeps the order of keys', async () => {
    const acknowledged = notes<string>();
    const refusals = new Set<string>();
    let isOver = false;
    const append = async (batch: readonly NewEvent[]): Promise<void> => {
      for (;;) {
        try {
          for (const { id } of await log.append(batch)) acknowledged.add(id);
          return;
        } catch (fault) {
          refusals.add((fault as { code: string }).code);
          await line.isUp;
        }
      }
    };
    const caller = async (number: number): Promise<void> => {
      for (let n = 0; !isOver; n++) {
        const key = `k${(number + n * CALLERS) % KEYS}`;
        await append(Array.from({ length: 1 + (n % 3) }, (_, index) => anEvent({ id: `${number}-${n}-${index}`, key })));
      }
    };
    const seen = watch();
    await log.consume(aDurable({ attempts: 'unlimited' }), seen.handle);
    const callers = Array.from({ length: CALLERS }, (_, number) => caller(number));
    await acknowledged.until(300);
    await server.kill();
    await server.start();
    await acknowledged.until(acknowledged.all.length + 300);
    isOver = true;
    await Promise.all(callers);
    await seen.untilAll(acknowledged.all);
    const stored = await collect(log.read('first', '*.>', { live: false }));
    expect(new Set(idsOf(stored)).size).toBe(stored.length);
    expect(acknowledged.all.filter((id) => !seen.ids.has(id))).toEqual([]);
    expect(new Set(acknowledged.all)).toEqual(new Set(idsOf(stored)));
    expect([seen.collisions, [...refusals]]).toEqual([0, ['log.unavailable']]);
    for (const [key, ids] of seen.firsts) expect(ids).toEqual(idsOf(stored.filter((event) => event.key === key)));
  });

  it('reads on live across the outage, every event once, in order', async () => {
    const read = notes<string>();
    const reading = (async () => {
      for await (const { id } of log.read('now', '*.>', { live: true })) read.add(id);
    })();
    const closed = expect(reading).rejects.toMatchObject({ code: 'log.closed' });
    const before = await log.append([anEvent(), anEvent()]);
    await read.until(2);
    await server.kill();
    await expect(log.append([anEvent()])).rejects.toMatchObject({ code: 'log.unavailable', refusal: 'unavailable' });
    await expect(log.range()).rejects.toMatchObject({ code: 'log.unavailable' });
    await server.start();
    const event = anEvent();
    const after = await appended(log, line, event);
    expect((await read.until(3)).slice(0, 3)).toEqual([...idsOf(before), after]);
    await log.close();
    await closed;
  });

  it('tells what the server may have handed out before its end from what came after', async () => {
    const [again, fresh] = [notes<string>(), notes<string>()];
    const early = anEvent();
    await log.append([early]);
    await server.kill();
    await server.start();
    await line.isUp;
    await log.consume(aDurable(), async ({ id }, { isAgain = false }) => {
      (isAgain ? again : fresh).add(id);
      return done;
    });
    await again.until(1);
    while (fresh.all.length === 0) await appended(log, line, anEvent());
    expect(again.all[0]).toBe(early.id);
  });

  it('does not blame an event for the end of the server, however often that ends with the event in hand', async () => {
    const [begun, lost] = [notes<number>(), notes<number>()];
    await log.consume(aDurable({ attempts: 2 }), async (_, { attempt, signal }) => {
      begun.add(attempt);
      if (begun.all.length === 4) return done;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      lost.add(attempt);
      return done;
    });
    await appended(log, line, anEvent());
    for (let kills = 1; kills <= 3; kills++) {
      await begun.until(kills);
      await server.kill();
      await lost.until(kills);
      await server.start();
    }
    expect(await begun.until(4)).toEqual([1, 1, 1, 1]);
  });

  it('knows of its own that came to nothing with the server that they killed nobody', async () => {
    const written = notes<string>();
    line.connection.subscribe(new LogNames('t').failureSubject('d', '*'), { callback: (_, { subject }) => written.add(subject) });
    const begun = Promise.withResolvers<undefined>();
    const seen = notes<string>();
    await log.consume(aDurable(), async ({ id }, { signal }) => {
      if (seen.all.length > 0 || line.hasBroken) seen.add(id);
      begun.resolve(undefined);
      if (!line.hasBroken) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return done;
    });
    const wanted = await log.append(Array.from({ length: 20 }, () => anEvent({ key: 'k' })));
    await begun.promise;
    await server.kill();
    await server.start();
    expect(await seen.until(20)).toEqual(idsOf(wanted));
    await line.connection.flush();
    expect(written.all).toEqual([]);
  });

  it('hands out nothing while the server is away, and blames no event that failed for that', async () => {
    const [tried, seen] = [notes<string>(), notes<string>()];
    const away = Promise.withResolvers<undefined>();
    await log.consume(aDurable({ attempts: 1 }), async ({ id, key = '' }) => {
      tried.add(key);
      if (!line.hasBroken) await away.promise;
      await log.range();
      seen.add(id);
      return done;
    });
    const keys = Array.from({ length: 8 }, (_, n) => `k${n}`);
    const wanted = await log.append(keys.map((key) => anEvent({ key })));
    await tried.until(8);
    await server.kill();
    await line.isDown;
    away.resolve(undefined);
    await nextTurn();
    await server.start();
    expect([...(await seen.until(8))].sort()).toEqual([...idsOf(wanted)].sort());
    expect(await log.dead('d').list(10)).toEqual([]);
    expect(tried.all.length).toBeLessThan(32);
  });

  it('closes in order while the server is away', async () => {
    const begun = Promise.withResolvers<undefined>();
    await log.consume(aDurable(), async (_, { signal }) => {
      begun.resolve(undefined);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return done;
    });
    await log.append([anEvent()]);
    await begun.promise;
    await server.kill();
    await log.close();
    await expect(log.append([anEvent()])).rejects.toMatchObject({ code: 'log.closed' });
  });
});

async function appended(log: JetStreamEventLog, line: WatchedLine, event: NewEvent): Promise<string> {
  for (;;) {
    try {
      await log.append([event]);
      return event.id;
    } catch {
      await line.isUp;
    }
  }
}

interface Watched {
  readonly ids: ReadonlySet<string>;
  /** Ids of each key, in the order in which they were handed out first. */
  readonly firsts: ReadonlyMap<string, readonly string[]>;
  readonly collisions: number;
  handle(this: void, event: { readonly id: string; readonly key?: string }): Promise<typeof done>;
  untilAll(ids: readonly string[]): Promise<void>;
}

/** A handler that notes what it is handed, and whether it ever has two of one key. */
function watch(): Watched {
  const [ids, firsts, busy, seen] = [new Set<string>(), new Map<string, string[]>(), new Set<string>(), notes<string>()];
  let collisions = 0;
  return {
    ids,
    firsts,
    get collisions() {
      return collisions;
    },
    handle: async ({ id, key = '' }) => {
      if (busy.has(key)) collisions += 1;
      busy.add(key);
      await nextTurn();
      busy.delete(key);
      if (!ids.has(id)) firsts.set(key, [...(firsts.get(key) ?? []), id]);
      ids.add(id);
      seen.add(id);
      return done;
    },
    untilAll: async (wanted) => {
      while (!wanted.every((id) => ids.has(id))) await seen.until(seen.all.length + 1);
    },
  };
}

/** A connection, and whether it is up. */
class WatchedLine {
  #up = Promise.withResolvers<void>();
  #down = Promise.withResolvers<void>();
  hasBroken = false;

  private constructor(readonly connection: NatsConnection) {
    this.#up.resolve();
    void this.#follow();
  }

  static async to(url: string): Promise<WatchedLine> {
    return new WatchedLine(await connect({ servers: url, maxReconnectAttempts: -1 }));
  }

  /** Resolves when it is. */
  get isUp(): Promise<void> {
    return this.#up.promise;
  }

  get isDown(): Promise<void> {
    return this.#down.promise;
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') {
        this.hasBroken = true;
        this.#up = Promise.withResolvers<void>();
        this.#down.resolve();
      }
      if (type === 'reconnect') this.#up.resolve();
    }
  }
}

const STACK = fileURLToPath(new URL('../../../../../../tools/stack/stack.mjs', import.meta.url));

interface State {
  readonly nats?: { readonly pid: number; readonly settings: Readonly<Record<string, string>> };
}

/** A NATS server of one spec, that it may kill. */
class PrivateServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'millrace-nats-'));
  #pid = 0;
  #settings: Readonly<Record<string, string>> = {};

  /** `sync`: as `sync_interval` of the server. */
  constructor(private readonly sync = 'always') {}

  get url(): string {
    return this.#settings['MILLRACE_NATS_URL'] ?? '';
  }

  get monitor(): string {
    return this.#settings['MILLRACE_NATS_MONITOR_URL'] ?? '';
  }

  /** Starts it, or starts it again where it was. */
  async start(): Promise<void> {
    const { stdout } = await this.#stack('up', 'nats', '--json');
    const { nats } = JSON.parse(stdout) as State;
    this.#pid = nats?.pid ?? 0;
    this.#settings = nats?.settings ?? {};
  }

  /** Ends it as a power cut of its process would. */
  async kill(): Promise<void> {
    process.kill(this.#pid, 'SIGKILL');
    while (isAlive(this.#pid)) await nextTurn();
  }

  async remove(): Promise<void> {
    await this.#stack('down');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #stack(...args: readonly string[]): Promise<{ stdout: string }> {
    const env = { ...process.env, MILLRACE_NATS_SYNC: this.sync };
    return promisify(execFile)(process.execPath, [STACK, ...args, '--folder', this.#folder], { env });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

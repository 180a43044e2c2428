import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { SqliteEventLog } from '@millrace/messaging';
import { Log, type LogFields } from '@millrace/observability';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection } from '../collection';
import type { Outbox } from '../outbox';
import { offer, OFFERS, told, type Offer } from '../contract/offers';
import { SqliteDocuments } from '../sqlite/sqlite-documents';
import { MemoryLog } from './memory-log';
import { OutboxRelay } from './outbox-relay';

class HandClock extends Clock {
  time = 0;
  now(): number {
    return this.time;
  }
}

class Lines extends Log {
  readonly lines: { readonly level: string; readonly message: string; readonly fields: LogFields | undefined }[] = [];
  debug = this.at('debug');
  info = this.at('info');
  warn = this.at('warn');
  error = this.at('error');

  private at(level: string): (message: string, fields?: LogFields) => void {
    return (message, fields) => void this.lines.push({ level, message, fields });
  }
}

describe('OutboxRelay', () => {
  let folder: string;
  let documents: SqliteDocuments;
  let offers: Collection<Offer>;
  let log: MemoryLog;
  let relay: OutboxRelay;
  const clock = new HandClock();
  const lines = new Lines();
  let delays: number[];
  let waited: () => void;

  /** Waits end when the spec says so. */
  const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve());
      delays.push(milliseconds);
      waited = resolve;
      waiting.resolve();
    });
  let waiting = Promise.withResolvers<void>();

  /** The relay waits for the next attempt. */
  const backOff = async (): Promise<void> => {
    await waiting.promise;
    waiting = Promise.withResolvers();
  };

  const open = async (): Promise<void> => {
    documents = await SqliteDocuments.open(join(folder, 'documents.sqlite'));
    offers = await documents.collection(OFFERS);
    relay = new OutboxRelay(documents.outbox, log, { clock, log: lines, wait });
  };

  const reopen = async (): Promise<void> => {
    await relay.stop();
    await documents.close();
    await open();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relay-'));
    log = new MemoryLog();
    delays = [];
    lines.lines.length = 0;
    waiting = Promise.withResolvers();
    clock.time = 0;
    await open();
  });

  afterEach(async () => {
    await relay.stop();
    await documents.close();
    await rm(folder, { recursive: true });
  });

  const logged = (): readonly string[] => log.events.map(({ id }) => id);

  it('moves what earlier processes left and then what is written, in order', async () => {
    await offers.insert(offer('a'), [told('e1'), told('e2')]);
    await reopen();
    relay.start();
    await relay.drain();
    expect(logged()).toEqual(['e1', 'e2']);
    await offers.insert(offer('b'), [told('e3')]);
    await offers.insert(offer('c'), [told('e4')]);
    await relay.drain();
    expect(logged()).toEqual(['e1', 'e2', 'e3', 'e4']);
    expect(await documents.outbox.pending(1)).toEqual([]);
  });

  it('moves a thousand events of concurrent writes once each, in the order of the writes', async () => {
    relay.start();
    const writes = Array.from({ length: 500 }, (_, i) => offers.insert(offer(`o${i}`), [told(`a${i}`), told(`b${i}`)]));
    await Promise.all(writes);
    await relay.drain();
    expect(logged()).toEqual(Array.from({ length: 500 }, (_, i) => [`a${i}`, `b${i}`]).flat());
    expect(log.calls.every(({ since }) => since === undefined)).toBe(true);
  });

  it('drains at once when there is nothing to tell, started or not', async () => {
    await relay.drain();
    relay.start();
    await relay.drain();
    expect(log.calls).toEqual([]);
  });

  it('waits longer and longer while the log is away, and goes on when it is back', async () => {
    log.state = 'away';
    relay.start();
    await offers.insert(offer('a'), [told('e1')]);
    for (let i = 0; i < 7; i++) {
      await backOff();
      waited();
    }
    await backOff();
    await offers.insert(offer('b'), [told('e2')]);
    log.state = 'up';
    waited();
    await relay.drain();
    expect(delays).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000]);
    expect(logged()).toEqual(['e1', 'e2']);
    expect(lines.lines[0]).toMatchObject({ level: 'warn', fields: { failures: 1, error: { code: 'log.unavailable' } } });
  });

  it('repeats with the position from before the first attempt, so that the log knows the events again', async () => {
    log.others = 40;
    log.state = 'deaf';
    relay.start();
    await offers.insert(offer('a'), [told('e1')]);
    await backOff();
    log.others = 5_000;
    log.state = 'up';
    waited();
    await relay.drain();
    expect(log.calls).toEqual([
      { ids: ['e1'], since: undefined },
      { ids: ['e1'], since: { epoch: 'e1', offset: 40n } },
    ]);
    expect(logged()).toEqual(['e1']);
  });

  it('sends the same ids again after a crash between log and outbox, with the position from before', async () => {
    log.others = 40;
    log.state = 'deaf';
    relay.start();
    await offers.insert(offer('a'), [told('e1'), told('e2')]);
    await backOff();
    await reopen();
    log.state = 'up';
    relay.start();
    await offers.insert(offer('b'), [told('e3')]);
    await relay.drain();
    expect(log.calls[1]).toEqual({ ids: expect.arrayContaining(['e1', 'e2']), since: { epoch: 'e1', offset: 40n } });
    expect(logged()).toEqual(['e1', 'e2', 'e3']);
  });

  it('adds nothing to the log in SQLite when the process died between log and outbox', async () => {
    const real = new SqliteEventLog({ file: ':memory:', clock });
    await offers.insert(offer('a'), [told('e1'), told('e2')]);
    const entries = await documents.outbox.pending(10);
    const first = await real.append(entries.map(({ event }) => event));
    relay = new OutboxRelay(documents.outbox, real, { clock, log: lines, wait });
    relay.start();
    await offers.insert(offer('b'), [told('e3')]);
    await relay.drain();
    const ids: string[] = [];
    for await (const { id } of real.read('first', '*.>', { live: false })) ids.push(id);
    expect(ids).toEqual(['e1', 'e2', 'e3']);
    expect((await documents.outbox.mark())?.offset).toBeGreaterThan(first[1]?.position.offset ?? 0n);
    await relay.stop();
    await real.close();
  });

  it('takes a new position before an attempt when the last one is a minute old', async () => {
    relay.start();
    await offers.insert(offer('a'), [told('e1')]);
    await relay.drain();
    log.others = 90;
    clock.time = 59_999;
    await offers.insert(offer('b'), [told('e2')]);
    await relay.drain();
    expect(await documents.outbox.mark()).toEqual({ epoch: 'e1', offset: 92n });
    log.others = 1_000;
    clock.time = 59_999 + 60_000;
    log.state = 'deaf';
    await offers.insert(offer('c'), [told('e3')]);
    await backOff();
    expect(await documents.outbox.mark()).toEqual({ epoch: 'e1', offset: 1_002n });
  });

  it('sets aside what the log refuses for what it is, and moves the rest in order', async () => {
    log.refuses = ({ id }) => id === 'e2' || id === 'e5';
    await offers.insert(
      offer('a'),
      ['e1', 'e2', 'e3', 'e4', 'e5'].map((id) => told(id)),
    );
    relay.start();
    await relay.drain();
    expect(logged()).toEqual(['e1', 'e3', 'e4']);
    expect(lines.lines.map(({ level, fields }) => [level, fields?.['event']])).toEqual([
      ['error', 'e2'],
      ['error', 'e5'],
    ]);
    expect(await documents.outbox.newest()).toBeUndefined();
  });

  it('keeps whoever drains waiting while the log is away, until their patience ends', async () => {
    log.state = 'away';
    relay.start();
    await offers.insert(offer('a'), [told('e1')]);
    await backOff();
    const patience = new AbortController();
    const drained = relay.drain(patience.signal);
    const others = relay.drain();
    await documents.outbox.newest();
    patience.abort(new Error('too long'));
    await expect(drained).rejects.toThrow('too long');
    await expect(relay.drain(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    log.state = 'up';
    waited();
    await others;
  });

  it('lets go of whoever drains when it stops, and keeps the events', async () => {
    log.state = 'away';
    relay.start();
    await offers.insert(offer('a'), [told('e1')]);
    await backOff();
    const drained = relay.drain();
    const refused = expect(drained).rejects.toMatchObject({ code: 'documents.relay_stopped' });
    await documents.outbox.pending(1);
    await relay.stop();
    await refused;
    await expect(relay.drain()).rejects.toMatchObject({ code: 'documents.relay_stopped' });
    expect(await documents.outbox.pending(9)).toHaveLength(1);
  });

  describe('beside other processes', () => {
    let term: string | undefined;
    let look: () => void;

    /** The outbox, moved by this process only in a term. */
    const shared = (): Outbox =>
      Object.create(documents.outbox, {
        term: { value: () => Promise.resolve(term) },
        onWrite: {
          value: (listener: () => void) => {
            look = listener;
            return () => undefined;
          },
        },
      }) as Outbox;

    beforeEach(() => {
      term = undefined;
      relay = new OutboxRelay(shared(), log, { clock, log: lines, wait });
    });

    it('moves nothing before its term, and repeats then what another may have attempted', async () => {
      await documents.outbox.keepMark({ epoch: 'e1', offset: 7n });
      await offers.insert(offer('a'), [told('e1')]);
      relay.start();
      look();
      expect((await documents.outbox.pending(1)).map(({ event }) => event.id)).toEqual(['e1']);
      expect(log.calls).toEqual([]);
      term = 'first';
      await relay.drain();
      term = 'third';
      await offers.insert(offer('b'), [told('e2')]);
      await relay.drain();
      expect(log.calls).toEqual([
        { ids: ['e1'], since: { epoch: 'e1', offset: 7n } },
        { ids: ['e2'], since: { epoch: 'e1', offset: 1n } },
      ]);
    });

    it('drains when the other has moved what there was', async () => {
      await offers.insert(offer('a'), [told('e1')]);
      relay.start();
      const drained = relay.drain();
      const [entry] = await documents.outbox.pending(1);
      await documents.outbox.done([entry?.id ?? ''], { epoch: 'e1', offset: 1n });
      look();
      await drained;
      expect(log.calls).toEqual([]);
    });

    it('attempts nothing when its term ended while it read', async () => {
      await offers.insert(offer('a'), [told('e1')]);
      const terms = ['first', undefined];
      const ending = Object.create(shared(), { term: { value: () => Promise.resolve(terms.shift()) } }) as Outbox;
      relay = new OutboxRelay(ending, log, { clock, log: lines, wait });
      relay.start();
      for (let i = 0; i < 5; i++) await documents.outbox.pending(1);
      expect(log.calls).toEqual([]);
      expect(await documents.outbox.pending(1)).toHaveLength(1);
    });
  });

  it('waits on a timer when nothing else is given', async () => {
    const timed = new OutboxRelay(documents.outbox, log, { clock, log: lines });
    log.state = 'away';
    await offers.insert(offer('a'), [told('e1')]);
    timed.start();
    await documents.outbox.pending(1);
    log.state = 'up';
    await timed.drain();
    await timed.stop();
    expect(logged()).toEqual(['e1']);
  });
});

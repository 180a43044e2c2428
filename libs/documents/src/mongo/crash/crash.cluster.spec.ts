import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { PinoLog } from '@millrace/observability';
import { stackSetting, temporaryFolder } from '@millrace/testing';
import { offer, OFFERS } from '../../contract/offers';
import { FileLog } from '../../crash/file-log';
import { OutboxRelay } from '../../relay/outbox-relay';
import { MongoDocuments } from '../mongo-documents';
import { scratchDatabase, type ScratchDatabase } from '../scratch-database';

class MachineClock extends Clock {
  now(): number {
    return Date.now();
  }
}

const typescript = fileURLToPath(new URL('../../../../../tools/jest/run-typescript.mjs', import.meta.url));
const writer = fileURLToPath(new URL('./writer.ts', import.meta.url));
const SHARED = ['shared-1', 'shared-2'];

/** A process that writes; `acknowledged` grows while it does. */
class Writer {
  readonly acknowledged: string[] = [];
  private readonly child: ChildProcess;
  private readonly reading: Promise<void>;
  private enough: { readonly count: number; readonly reached: () => void } | undefined;

  constructor({ url, database }: ScratchDatabase, file: string, prefix: string) {
    const args = ['--import', typescript, writer, url, database, file, prefix];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.reading = this.read();
  }

  /** Resolves when that many more writes were acknowledged. */
  more(count: number): Promise<void> {
    return new Promise((reached) => {
      this.enough = { count: this.acknowledged.length + count, reached };
    });
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.reading;
  }

  private async read(): Promise<void> {
    if (this.child.stdout === null) return;
    for await (const line of createInterface(this.child.stdout)) {
      this.acknowledged.push(line);
      if (this.enough !== undefined && this.acknowledged.length >= this.enough.count) this.enough.reached();
    }
  }
}

describe('processes that are killed while they write to MongoDB', () => {
  let scratch: ScratchDatabase;
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let writers: Writer[];

  beforeEach(() => {
    scratch = scratchDatabase(stackSetting('MILLRACE_MONGODB_URL'));
    folder = temporaryFolder();
    file = join(folder.path, 'log.txt');
    writers = [];
  });

  afterEach(async () => {
    for (const each of writers) await each.kill();
    await scratch.remove();
    folder[Symbol.dispose]();
  });

  const begin = (prefix: string): Writer => {
    const begun = new Writer(scratch, file, prefix);
    writers.push(begun);
    return begun;
  };

  it('leave every acknowledged write and its events, no event without its write, and each document told of in order', async () => {
    const documents = await MongoDocuments.open({ ...scratch, lease: 1_000 });
    const offers = await documents.collection(OFFERS);
    for (const id of SHARED) await offers.insert(offer(id));

    const [first, second] = [begin('a'), begin('b')];
    await Promise.all([first.more(150), second.more(150)]);
    await first.kill();
    const third = begin('c');
    await Promise.all([second.more(100), third.more(150)]);
    await Promise.all([second.kill(), third.kill()]);

    const relay = new OutboxRelay(documents.outbox, new FileLog(file), { clock: new MachineClock(), log: new PinoLog('spec', 'error') });
    relay.start();
    await relay.drain();
    await relay.stop();

    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const told = new Set(lines);
    for (const id of writers.flatMap(({ acknowledged }) => acknowledged)) expect(told).toContain(id);
    for (const id of SHARED) {
      const { revision } = await offers.get(id);
      const expected = Array.from({ length: revision - 1 }, (_, at) => `${id}@${at + 2}`);
      expect([...told].filter((each) => each.startsWith(`${id}@`))).toEqual(expected);
    }
    for (const id of [...told].filter((each) => /^[abc]-\d-\d+$/.test(each))) {
      expect([id, (await offers.find(id)) !== undefined]).toEqual([id, !told.has(`${id}-gone`)]);
    }
    expect(lines.length - told.size).toBeLessThanOrEqual(3 * 256);
    expect(await documents.outbox.pending(1)).toEqual([]);
    await documents.close();
  });
});

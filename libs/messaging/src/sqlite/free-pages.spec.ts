import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FreePages } from './free-pages';

const AT_ONCE = 0;
const ROWS = 600;
/** Milliseconds. */
const PATIENCE = 20_000;

describe('what was removed from a store', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let db: DatabaseSync;

  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'a.db');
    // Without a write-ahead log: what is committed is in the file at once.
    db = new DatabaseSync(file);
    db.exec('PRAGMA secure_delete = FAST; CREATE TABLE entries(value TEXT); BEGIN');
    const insert = db.prepare('INSERT INTO entries VALUES (?)');
    for (let row = 0; row < ROWS; row++) insert.run(`${'a canary '.repeat(1_000)}${row}`);
    insert.run('what stays');
    db.exec("COMMIT; DELETE FROM entries WHERE value LIKE 'a canary%'");
  });

  afterEach(() => {
    db.close();
    folder[Symbol.dispose]();
  });

  const holds = (text: string): boolean => readFileSync(file).includes(text);
  const free = (): unknown => db.prepare('PRAGMA freelist_count').get()?.['freelist_count'];

  async function gone(meanwhile: () => void): Promise<boolean> {
    for (const over = performance.now() + PATIENCE; holds('a canary') && performance.now() < over;) {
      await new Promise(setImmediate);
      meanwhile();
    }
    return !holds('a canary');
  }

  it('stands in pages that nothing uses, until they are overwritten', () => {
    expect(holds('a canary')).toBe(true);
  });

  it('is gone when the store was closed, and nothing else is, and the pages are free again', () => {
    const before = free();
    new FreePages(db).close();
    expect([holds('a canary'), holds('what stays')]).toEqual([false, true]);
    expect(Number(free())).toBeGreaterThanOrEqual(Number(before) - 1);
    expect(db.prepare('SELECT * FROM entries').all()).toEqual([{ value: 'what stays' }]);
  });

  it('is gone after a while, though others write', async () => {
    const pages = new FreePages(db, AT_ONCE);
    pages.expect();
    pages.expect();
    expect(await gone(() => db.exec("INSERT INTO entries VALUES ('another')"))).toBe(true);
    pages.close();
  });

  it('is gone once it could be overwritten', async () => {
    const pages = new FreePages(db, AT_ONCE);
    const tried = Promise.withResolvers<null>();
    db.function('refuse', () => {
      tried.resolve(null);
      throw new Error('The disk is full.');
    });
    db.exec('CREATE TEMP TRIGGER full BEFORE INSERT ON filler BEGIN SELECT refuse(); END');
    pages.expect();
    await tried.promise;
    expect(holds('a canary')).toBe(true);
    db.exec('DROP TRIGGER full');
    expect(await gone(() => pages.expect())).toBe(true);
    pages.close();
  });
});

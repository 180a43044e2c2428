import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isDiskFull, openStore } from './store-file';

describe('openStore', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-store-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const inUse = (file: string): Error => new Error(`${file} is in use`);
  const thrownBy = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('syncs every commit when it must be safe, and not when it may be fast', () => {
    for (const [durability, level] of [
      ['safe', 2],
      ['fast', 1],
    ] as const) {
      const db = openStore(join(folder, durability), { durability }, inUse);
      expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: level });
      db.close();
    }
  });

  it('says that the file is in use only when it is', () => {
    const file = join(folder, 'a.db');
    for (const sharesFile of [false, true]) {
      const db = openStore(file, { durability: 'safe', sharesFile }, inUse);
      expect(() => openStore(file, { durability: 'safe', sharesFile }, inUse)).toThrow(`${file} is in use`);
      db.close();
      writeFileSync(join(folder, 'b.db'), 'this is no database, and too long to be taken for an empty one');
      expect(() => openStore(join(folder, 'b.db'), { durability: 'safe', sharesFile }, inUse)).toThrow('file is not a database');
    }
  });

  it('tells a full disk from other failures', () => {
    const db = openStore(':memory:', { durability: 'safe', sharesFile: true }, inUse);
    db.exec('CREATE TABLE t(a); PRAGMA max_page_count = 4');
    const insert = db.prepare('INSERT INTO t VALUES (zeroblob(100000))');
    expect(isDiskFull(thrownBy(() => insert.run()))).toBe(true);
    expect(isDiskFull(thrownBy(() => db.exec('SELECT nonsense')))).toBe(false);
    expect(isDiskFull(undefined)).toBe(false);
    db.close();
  });
});

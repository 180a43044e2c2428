import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { Store } from './store';

describe('Store', () => {
  let database: DatabaseSync;
  let store: Store;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE kept (text TEXT)');
    store = new Store(database);
  });

  afterEach(() => store.close());

  const keep = (text: string) => store.write(() => database.prepare('INSERT INTO kept VALUES (?)').run(text).changes);
  const kept = () => store.read(() => database.prepare('SELECT count(*) AS n FROM kept').get()?.['n']);

  it('writes nothing before the turn is over', async () => {
    const writing = keep('a');
    expect(await kept()).toBe(0);
    expect(await writing).toBe(1);
    expect(await kept()).toBe(1);
  });

  it('tells nobody of a group that the disk did not take, and goes on when there is room again', async () => {
    database.exec('PRAGMA max_page_count = 3');
    let told = 0;
    const large = store.write(() => {
      store.onceDurable(() => (told += 1));
      return database.prepare('INSERT INTO kept VALUES (?)').run('x'.repeat(100_000)).changes;
    });
    const outcomes = await Promise.allSettled([keep('a'), large, keep('b')]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && String(outcome.reason))).toEqual(
      Array(3).fill('Error: database or disk is full'),
    );
    expect(await kept()).toBe(0);
    expect(told).toBe(0);
    database.exec('PRAGMA max_page_count = 1000');
    expect(await keep('c')).toBe(1);
    expect(told).toBe(0);
  });
});

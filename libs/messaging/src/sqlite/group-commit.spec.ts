import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { GroupCommit } from './group-commit';

describe('GroupCommit', () => {
  let db: DatabaseSync;
  let commit: GroupCommit;
  let rollbacks: number;

  beforeEach(() => {
    db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE t(n INTEGER PRIMARY KEY)');
    rollbacks = 0;
    commit = new GroupCommit(db, {
      refusal: (error) => new DomainError('store.broken', 'unavailable', String(error)),
      onRollback: () => void (rollbacks += 1),
    });
  });

  const insert = (n: number) => (): number => Number(db.prepare('INSERT INTO t VALUES (?)').run(n).changes);
  const rows = (): number => db.prepare('SELECT n FROM t').all().length;

  it('does the writes of a turn in one transaction, in order', async () => {
    const order: number[] = [];
    const writes = [1, 2, 3].map((n) => commit.run(insert(n), () => order.push(n)));
    expect(rows()).toBe(0);
    await writes[0];
    expect(rows()).toBe(3);
    expect(order).toEqual([1, 2, 3]);
    await Promise.all(writes);
  });

  it('fails alone the write that refuses', async () => {
    const refuse = (): never => {
      throw new DomainError('store.no', 'conflict', 'No.');
    };
    const results = await Promise.allSettled([commit.run(insert(1)), commit.run(refuse), commit.run(insert(2))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(rows()).toBe(2);
  });

  it('undoes the whole group when the store breaks, and works again afterwards', async () => {
    const results = await Promise.allSettled([commit.run(insert(1)), commit.run(insert(1)), commit.run(insert(2))]);
    expect(results).toEqual(
      Array.from({ length: 3 }, () => ({ status: 'rejected', reason: expect.objectContaining({ code: 'store.broken' }) })),
    );
    expect([rows(), rollbacks]).toEqual([0, 1]);
    await commit.run(insert(1));
    expect(rows()).toBe(1);
  });

  it('lets the event loop in between heavy groups', async () => {
    const turns: string[] = [];
    const writes = [1, 2].map((n) => commit.run(insert(n), () => turns.push(`write ${n}`), 1_000));
    await writes[0];
    setImmediate(() => turns.push('someone else'));
    await Promise.all([...writes, commit.run(insert(3), () => turns.push('write 3'))]);
    expect(turns).toEqual(['write 1', 'write 2', 'someone else', 'write 3']);
  });

  it('commits at once when asked to', () => {
    void commit.run(insert(1));
    commit.flush();
    expect(rows()).toBe(1);
  });
});

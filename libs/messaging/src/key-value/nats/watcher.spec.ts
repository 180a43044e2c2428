import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Change } from '../key-value';
import { Watcher } from './watcher';

let told: string[];
let watcher: Watcher;

beforeEach(() => {
  told = [];
  watcher = new Watcher('a', ({ key, value, revision }) => told.push(`${value === undefined ? '-' : '+'}${key}@${revision}`));
});

describe('a watcher of a prefix', () => {
  it('is told what is there by key, then what came meanwhile and is younger', () => {
    watcher.take(there('a1', 7));
    watcher.take(there('a2', 9));
    watcher.take(there('b', 10));
    watcher.refresh({ changes: [there('a3', 8), there('a1', 7)], upTo: 8 });
    watcher.take(there('a1', 11));
    expect(told).toEqual(['+a1@7', '+a3@8', '+a2@9', '+a1@11']);
  });

  it('is not told of what it never heard of, nor twice of one change', () => {
    watcher.refresh({ changes: [there('a1', 1), gone('a2', 2)], upTo: 2 });
    watcher.take(gone('a3', 3));
    watcher.take(there('a1', 1));
    watcher.take(gone('a1', 4));
    watcher.take(gone('a1', 4));
    expect(told).toEqual(['+a1@1', '-a1@4']);
  });

  it('is told after a gap what went without a trace, what changed, and what came', () => {
    watcher.refresh({ changes: [there('a1', 1), there('a2', 2), there('a3', 3), there('a4', 4)], upTo: 4 });
    watcher.hold();
    watcher.take(there('a5', 6));
    watcher.take(there('a5', 9));
    watcher.refresh({ changes: [there('a1', 1), there('a3', 7), gone('a4', 8)], upTo: 8 });
    expect(told.slice(4)).toEqual(['-a2@8', '-a4@8', '+a3@7', '+a5@9']);
  });

  it('gives what went without a trace a revision beyond its own', () => {
    watcher.refresh({ changes: [there('a1', 5)], upTo: 5 });
    watcher.hold();
    watcher.refresh({ changes: [], upTo: 0 });
    expect(told).toEqual(['+a1@5', '-a1@6']);
  });

  it('hears nothing once stopped, and keeps nobody waiting', async () => {
    const current = watcher.current();
    watcher.stop();
    await current;
    watcher.refresh({ changes: [there('a1', 1)], upTo: 1 });
    watcher.take(there('a1', 2));
    expect(told).toEqual([]);
  });
});

function there(key: string, revision: number): Change {
  return { key, value: Uint8Array.of(revision), revision };
}

function gone(key: string, revision: number): Change {
  return { key, revision };
}

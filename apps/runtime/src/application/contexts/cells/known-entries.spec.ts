import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Entry } from '@millrace/messaging';
import { KnownEntries } from './known-entries';

const KIB = 1024;

let known: KnownEntries;

beforeEach(() => {
  known = new KnownEntries();
});

const entry = (key: string, revision: number, bytes = 1): Entry => ({ key, revision, value: new Uint8Array(bytes) });

describe('what is known of entries', () => {
  it('is since before every instant that comes later, and over what is written here', () => {
    const before = known.now();
    known.read('a', entry('a', 1));
    const after = known.now();
    known.wrote('a', entry('a', 2));
    const { since = 0 } = known.get('a') ?? {};
    expect([before < since, since < after, known.get('a')?.entry.revision]).toEqual([true, true, 2]);
  });

  it('is the newest, whatever comes late, and is no younger for being read again', () => {
    known.read('a', entry('a', 2));
    const first = known.get('a');
    known.read('a', entry('a', 1));
    known.read('a', entry('a', 2));
    expect(known.get('a')).toBe(first);
    known.read('a', entry('a', 3));
    expect(known.get('a')?.since).toBeGreaterThan(first?.since ?? Infinity);
  });

  it('is nothing of what is not there', () => {
    known.read('a', entry('a', 1));
    known.read('a', undefined);
    expect(known.get('a')).toBeUndefined();
    known.wrote('b', entry('b', 1));
    expect(known.get('b')?.since).toBeGreaterThan(0);
  });

  it('is nothing of what is large, and not of more than fits: the oldest is forgotten', () => {
    known.read('large', entry('large', 1, 64 * KIB + 1));
    expect(known.get('large')).toBeUndefined();
    for (let n = 0; n < 129; n++) known.read(`k${n}`, entry(`k${n}`, n + 1, 64 * KIB));
    expect([known.get('k0'), known.get('k1')?.entry.revision, known.get('k128')?.entry.revision]).toEqual([undefined, 2, 129]);
  });
});

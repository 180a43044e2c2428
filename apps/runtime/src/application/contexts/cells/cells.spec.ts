import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { SqliteKeyValue, type Entry } from '@millrace/messaging';
import { Cells, type Change } from './cells';
import { RiggedBucket, SetClock } from '../testing/rigging';

const KEY = 'counter';
/** What one key may hold at most, in bytes. */
const LARGEST = 1024 * 1024;

const textIn = (entry: Entry | undefined): string => new TextDecoder().decode(entry?.value);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Adds a letter, and answers what is there then. */
const add =
  (letter: string) =>
  (found: Entry | undefined): Change<string> => {
    const text = textIn(found) + letter;
    return { answer: text, value: bytesOf(text) };
  };

let store: SqliteKeyValue;
let bucket: RiggedBucket;
let cells: Cells;

beforeEach(async () => {
  store = new SqliteKeyValue({ file: ':memory:', clock: new SetClock() });
  bucket = new RiggedBucket(await store.bucket('cells'));
  cells = new Cells(bucket);
});

afterEach(async () => {
  await store.close();
});

describe('a key that many change at once', () => {
  it('is written once for all who wait, in their order', async () => {
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => cells.change(KEY, add(letter))))).toEqual([
      ...['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef'],
    ]);
    expect([textIn(await bucket.get(KEY)), bucket.puts]).toEqual(['abcdef', 1]);
  });

  it('is written at most a hundred times in one go, and less often the larger it is', async () => {
    await Promise.all(Array.from({ length: 250 }, () => cells.change(KEY, add('a'))));
    expect(bucket.puts).toBe(3);
    await bucket.put(KEY, new Uint8Array(LARGEST - 100).fill(65));
    await Promise.all(Array.from({ length: 6 }, () => cells.change(KEY, add('a'))));
    expect(bucket.puts).toBe(3 + 3);
  });

  it('gives each what it has coming: a refusal, a guard that says no, an answer', async () => {
    const refuse = (): never => {
      throw new DomainError('test.refused', 'invalid', 'Not this one.');
    };
    const lost = (): Promise<void> => Promise.reject(new Error('Lost.'));
    const outcomes = await Promise.allSettled([
      cells.change(KEY, add('a')),
      cells.change(KEY, refuse),
      cells.change(KEY, add('b'), { guard: lost }),
      cells.change(KEY, add('c'), { guard: () => Promise.resolve() }),
      cells.change(KEY, (found) => ({ answer: textIn(found) })),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason)))).toEqual([
      ...['a', expect.stringContaining('Not this one.'), 'Error: Lost.', 'ac', 'ac'],
    ]);
    expect(textIn(await bucket.get(KEY))).toBe('ac');
  });

  it('is made anew from what somebody else wrote first; who was refused for what never was is not', async () => {
    const once = [() => bucket.put(KEY, bytesOf('x'))];
    bucket.beforePut = () => once.pop()?.();
    const unlessA = (found: Entry | undefined): Change<string> => {
      if (textIn(found) === 'a') throw new DomainError('test.refused', 'invalid', 'There is an a.');
      return add('b')(found);
    };
    expect(await Promise.all([cells.change(KEY, add('a')), cells.change(KEY, unlessA)])).toEqual(['xa', 'xab']);
    expect(bucket.puts).toBe(2);
  });

  it('tells only the one whose value is too large', async () => {
    const outcomes = await Promise.allSettled([
      cells.change(KEY, add('a')),
      cells.change(KEY, add('b')),
      cells.change(KEY, add('c'.repeat(LARGEST))),
      cells.change(KEY, add('d')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(textIn(await bucket.get(KEY))).toBe('abd');
  });

  it('stays away when it came and went in one go, and goes when it was there', async () => {
    const remove = (found: Entry | undefined): Change<boolean> => ({ answer: found !== undefined, value: null });
    const first = cells.change('other', add('a'));
    expect(await Promise.all([first, cells.change(KEY, (found) => ({ answer: found === undefined }))])).toEqual(['a', true]);
    const [, came, went] = await Promise.all([
      cells.change(KEY, () => ({ answer: '' })),
      cells.change(KEY, add('a')),
      cells.change(KEY, remove),
    ]);
    expect([came, went, await bucket.get(KEY)]).toEqual(['a', true, undefined]);
    await cells.change(KEY, add('b'));
    expect([await cells.change(KEY, remove), await bucket.get(KEY)]).toEqual([true, undefined]);
  });

  it('is left to the next ones when the store fails', async () => {
    bucket.beforePut = () => {
      throw new DomainError('kv.unavailable', 'unavailable', 'The store is away.');
    };
    const outcomes = await Promise.allSettled([cells.change(KEY, add('a')), cells.change(KEY, add('b'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    bucket.beforePut = () => undefined;
    expect(await cells.change(KEY, add('c'))).toBe('c');
  });
});

describe('a key that is known', () => {
  const lost = (): Promise<void> => Promise.reject(new Error('Lost.'));
  const known = async (text: string): Promise<number> => {
    await bucket.put(KEY, bytesOf(text));
    await cells.get(KEY);
    return cells.now();
  };

  it('is written without a look at it or at the guard, by whoever had the right to since it was known', async () => {
    const at = await known('x');
    bucket.gets = 0;
    const right = { guard: lost, ownedAt: () => at };
    for (const letter of ['a', 'b', 'c']) await cells.change(KEY, add(letter), right);
    expect([bucket.gets, bucket.puts]).toEqual([0, 3]);
    expect(textIn(await bucket.get(KEY))).toBe('xabc');
  });

  it('is looked at when somebody else wrote it, and the guard decides', async () => {
    const at = await known('x');
    await bucket.put(KEY, bytesOf('y'));
    await expect(cells.change(KEY, add('a'), { guard: lost, ownedAt: () => at })).rejects.toThrow('Lost.');
    expect(await cells.change(KEY, add('a'), { ownedAt: () => at })).toBe('ya');
  });

  it('is looked at by whoever may have lost the right before it was known, or not have it any more', async () => {
    const before = cells.now();
    await known('x');
    await expect(cells.change(KEY, add('a'), { guard: lost, ownedAt: () => before })).rejects.toThrow('Lost.');
    await expect(cells.change(KEY, add('a'), { guard: lost, ownedAt: () => undefined })).rejects.toThrow('Lost.');
    expect(textIn(await bucket.get(KEY))).toBe('x');
  });

  it('is looked at before anybody is refused, or told that nothing is to be changed', async () => {
    const at = await known('x');
    await bucket.put(KEY, bytesOf('y'));
    const onlyOver = (text: string) => (found: Entry | undefined) => {
      if (textIn(found) !== text) throw new DomainError('test.refused', 'invalid', 'Not this one.');
      return { answer: textIn(found) };
    };
    expect(await cells.change(KEY, onlyOver('y'), { ownedAt: () => at })).toBe('y');
  });

  it('is looked at when it went, and when the store failed', async () => {
    const at = await known('x');
    await cells.change(KEY, () => ({ answer: '', value: null }));
    expect(await cells.change(KEY, add('a'), { ownedAt: () => at })).toBe('a');
    const after = cells.now();
    const once = [(): never => broken()];
    bucket.afterPut = () => once.pop()?.();
    const unlessB = (found: Entry | undefined): Change<string> =>
      textIn(found).endsWith('b') ? { answer: textIn(found) } : add('b')(found);
    expect(await cells.change(KEY, unlessB, { ownedAt: () => after })).toBe('ab');
  });
});

function broken(): never {
  throw new DomainError('kv.unavailable', 'unavailable', 'The store is away.');
}

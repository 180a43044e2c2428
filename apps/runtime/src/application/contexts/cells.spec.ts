import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { SqliteKeyValue, type Entry } from '@millrace/messaging';
import { Cells, type Change } from './cells';
import { RiggedBucket, SetClock } from './testing/rigging';

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
      cells.change(KEY, add('b'), lost),
      cells.change(KEY, add('c'), () => Promise.resolve()),
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

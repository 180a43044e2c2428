import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { applyChange, pathText, valueAt } from './write';
import type { Change, WriteOp } from './write';

const changed = (root: JsonMap, op: WriteOp, keys: readonly string[], value?: Json) =>
  applyChange(root, { keys, op, value }, new WeakSet());

describe('applyChange', () => {
  type Written = readonly [op: WriteOp, keys: readonly string[], root: JsonMap, value?: Json];

  it.each<[string, Written, JsonMap]>([
    ['missing parents become maps', ['replace', ['a', '0', 'b'], {}, 1], { a: { '0': { b: 1 } } }],
    ['null parents become maps', ['replace', ['a', 'b'], { a: null }, 1], { a: { b: 1 } }],
    ['an item is replaced', ['replace', ['l', '-1'], { l: [1, 2] }, 3], { l: [1, 3] }],
    ['the length of a list appends', ['replace', ['l', '1'], { l: [1] }, 2], { l: [1, 2] }],
    ['the length of a list appends a map too', ['replace', ['l', '1', 'a'], { l: [1] }, 2], { l: [1, { a: 2 }] }],
    ['replacing by missing removes', ['replace', ['a'], { a: 1, b: 2 }], { b: 2 }],
    ['removing an item moves later ones up', ['delete', ['l', '0'], { l: [1, 2] }], { l: [2] }],
    ['removing what is not there creates nothing', ['delete', ['a', 'b', 'c'], {}], {}],
    ['removing beyond a list is fine', ['delete', ['l', '7'], { l: [1] }], { l: [1] }],
    ['removing below a scalar is fine', ['delete', ['a', 'b'], { a: 1 }], { a: 1 }],
    [
      'merge lays a map over a map, one level',
      ['merge', ['m'], { m: { a: { x: 1 }, b: 1 } }, { a: { y: 2 } }],
      { m: { a: { y: 2 }, b: 1 } },
    ],
    ['merge appends a list item by item', ['merge', ['l'], { l: [1] }, [2, 3]], { l: [1, 2, 3] }],
    ['merge appends anything else as one item', ['merge', ['l'], { l: [1] }, { a: 2 }], { l: [1, { a: 2 }] }],
    ['merge of no map onto a map changes nothing', ['merge', ['m'], { m: { a: 1 } }, [1]], { m: { a: 1 } }],
    ['merge of a map onto null replaces it', ['merge', ['m'], { m: null }, { a: 1 }], { m: { a: 1 } }],
    ['merge of anything else onto null changes nothing', ['merge', ['m'], { m: null }, [1]], { m: null }],
    ['merge onto a scalar replaces it', ['merge', ['m'], { m: 7 }, [1]], { m: [1] }],
    ['merge onto missing writes', ['merge', ['m'], {}, 'a'], { m: 'a' }],
    ['merge of missing changes nothing', ['merge', ['m'], { m: 1 }], { m: 1 }],
    ['merge of missing creates nothing', ['merge', ['a', 'm'], {}], {}],
    ['merge never lays over forbidden keys', ['merge', ['m'], { m: {} }, { constructor: 1, a: 2 }], { m: { a: 2 } }],
    ['push makes a list of missing', ['push', ['l'], {}, 1], { l: [1] }],
    ['push makes a list of null', ['push', ['l'], { l: null }, 1], { l: [1] }],
    ['push of missing appends null', ['push', ['l'], { l: [1] }], { l: [1, null] }],
    ['increment counts null as 0', ['increment', ['n'], { n: null }, 2], { n: 2 }],
    ['increment is by 1 unless said', ['increment', ['n'], { n: 1 }, null], { n: 2 }],
    ['increment takes numeric text', ['increment', ['n'], {}, '2.5'], { n: 2.5 }],
  ])('%s', (_, [op, keys, root, value], expected) => {
    expect(changed(root, op, keys, value).root).toEqual(expected);
  });

  it.each<[string, WriteOp, readonly string[], Json]>([
    ['of a value that is no number', 'increment', ['a', 'b', 'n'], 'x'],
    ['onto a text', 'push', ['m', 't'], 1],
    ['below a text', 'replace', ['m', 't', 'x'], 1],
    ['past the end of a list', 'replace', ['m', 'l', '5', 'x'], 1],
  ])('that is refused, %s, changes nothing even of what may be changed in place', (_, op, keys, value) => {
    const owned: WeakSet<object> = new WeakSet();
    const write = (root: JsonMap, path: readonly string[], written: Json): JsonMap =>
      applyChange(root, { keys: path, op: 'replace', value: written }, owned).root;
    const root = write(write(write({}, ['m', 't'], 'text'), ['m', 'l'], []), ['m', 'l', '0'], 1);
    expect(() => applyChange(root, { keys, op, value }, owned)).toThrow(LanguageError);
    expect(root).toEqual({ m: { t: 'text', l: [1] } });
  });

  it.each<[string, Written, string]>([
    ['writing inside a text', ['replace', ['a', 'b'], { a: 'x' }, 1], 'language.path_invalid'],
    ['writing past the end of a list', ['replace', ['l', '2'], { l: [1] }, 1], 'language.path_invalid'],
    ['writing before a list', ['replace', ['l', '-2'], { l: [1] }, 1], 'language.path_invalid'],
    ['writing a name in a list', ['replace', ['l', 'x'], { l: [1] }, 1], 'language.path_invalid'],
    ['pushing onto a text', ['push', ['a'], { a: 'x' }, 1], 'language.type'],
    ['incrementing a text', ['increment', ['a'], { a: '1' }, 1], 'language.type'],
    ['incrementing by a list', ['increment', ['a'], { a: 1 }, []], 'language.type'],
    ['incrementing beyond the numbers', ['increment', ['a'], { a: 1.7e308 }, 1.7e308], 'language.type'],
    ['writing __proto__', ['replace', ['a', '__proto__', 'x'], {}, 1], 'language.path_forbidden'],
    ['writing constructor', ['replace', ['constructor'], {}, 1], 'language.path_forbidden'],
    ['deleting prototype', ['delete', ['a', 'prototype'], {}], 'language.path_forbidden'],
  ])('refuses %s', (_, [op, keys, root, value], code) => {
    expect(() => changed(root, op, keys, value)).toThrow(expect.objectContaining({ code }));
  });

  it('never changes what was there before, nor a value that was written', () => {
    const key = fc.constantFrom('a', 'b', '0', '1', '-1');
    const op = fc.constantFrom<WriteOp>('replace', 'merge', 'push', 'increment', 'delete');
    const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
    const change = fc.record({ keys: fc.array(key, { minLength: 1, maxLength: 3 }), op, value });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes: readonly Change[]) => {
        const owned = new WeakSet();
        let root: JsonMap = {};
        const seen: { readonly value: unknown; readonly text: string }[] = [];
        for (const one of changes) {
          try {
            root = applyChange(root, one, owned).root;
          } catch (error) {
            expect(error).toBeInstanceOf(LanguageError);
          }
          const shared = valueAt(root, one.keys);
          if (typeof shared === 'object' && shared !== null) {
            owned.delete(shared);
            seen.push({ value: shared, text: JSON.stringify(shared) });
          }
          seen.push({ value: one.value, text: JSON.stringify(one.value) });
        }
        expect(seen.map(({ value: kept }) => JSON.stringify(kept))).toEqual(seen.map(({ text }) => text));
      }),
    );
  });
});

describe('pathText', () => {
  it('writes a path as an author would', () => {
    expect(pathText(['list', '0', 'name', '-1'])).toBe('list[0].name[-1]');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonMap } from '@millrace/kernel';
import { plainQueryRules } from '../expressions/functions/documents';
import { LanguageError } from '../problems/language-error';
import { matchesQuery, sameOrAbsent } from './query';

const RULES = plainQueryRules(sameOrAbsent);
const order: Json = { id: 7, tags: ['new', 'big'], lines: [{ sku: 'a', n: 1 }, { sku: 'b' }, 'x'], note: null, who: { name: 'Ada' } };

describe('a query', () => {
  it.each<[JsonMap, boolean]>([
    [{}, true],
    [{ id: 7, 'who.name': 'Ada' }, true],
    [{ id: '7' }, false],
    [{ note: null, absent: null }, true],
    [{ id: null }, false],
    [{ tags: 'big' }, true],
    [{ tags: ['new', 'big'] }, true],
    [{ 'tags.1': 'big' }, true],
    [{ 'tags.9': 'big' }, false],
    [{ 'lines.sku': 'b' }, true],
    [{ 'lines.0.sku': 'a' }, true],
    [{ 'id.deeper': null }, true],
    [{ who: { name: 'Ada' } }, true],
    [{ id: { $eq: 7 } }, true],
    [{ id: { $ne: 7 } }, false],
    [{ tags: { $ne: 'old' } }, true],
    [{ id: { $gt: 6, $lt: 8 } }, true],
    [{ id: { $gte: 8 } }, false],
    [{ id: { $lte: 7 } }, true],
    [{ note: { $gt: 0 } }, false],
    [{ id: { $in: [1, 7] } }, true],
    [{ id: { $nin: [1, 7] } }, false],
    [{ note: { $exists: true } }, true],
    [{ absent: { $exists: false } }, true],
    [{ absent: { $exists: 1 } }, false],
    [{ absent: { $exists: 0 } }, true],
    [{ 'who.name': { $regex: '^a', $options: 'i' } }, true],
    [{ 'who.name': { $regex: '^a' } }, false],
    [{ id: { $regex: '7' } }, false],
    [{ 'who.name': { $regex: '' } }, false],
    [{ tags: { $size: 2 } }, true],
    [{ id: { $size: 1 } }, false],
    [{ tags: { $all: ['big', 'new'] } }, true],
    [{ tags: { $all: 'old' } }, false],
    [{ lines: { $elemMatch: { sku: 'a', n: { $gt: 0 } } } }, true],
    [{ tags: { $elemMatch: { $regex: '^b' } } }, true],
    [{ lines: { $elemMatch: { sku: 'b', n: 1 } } }, false],
    [{ id: { $elemMatch: { sku: 'a' } } }, false],
    [{ id: { $not: { $gt: 9 } } }, true],
    [{ id: { $not: 7 } }, false],
    [{ $and: [{ id: 7 }, { tags: 'new' }] }, true],
    [{ $or: [{ id: 8 }, { tags: 'new' }] }, true],
    [{ $nor: [{ id: 8 }, { tags: 'new' }] }, false],
    [{ $not: { id: 8 } }, true],
  ])('%j of an order is %s', (query, expected) => {
    expect(matchesQuery(order, query, RULES)).toBe(expected);
  });

  it('fits neither a text, nor a number, nor nothing', () => {
    expect(['a', 1, null, undefined].map((value) => matchesQuery(value, {}, RULES))).toEqual([false, false, false, false]);
  });

  it.each<[JsonMap]>([
    [{ id: { $near: 1 } }],
    [{ id: { $toString: 1 } }],
    [{ id: { $in: 7 } }],
    [{ id: { $regex: 7 } }],
    [{ lines: { $elemMatch: 'a' } }],
    [{ $or: { id: 7 } }],
    [{ $or: [7] }],
    [{ $xor: [{}] }],
    [{ $not: [{}] }],
  ])('%j cannot be used', (query) => {
    expect(() => matchesQuery(order, query, RULES)).toThrow(expect.objectContaining({ code: 'language.expression_type' }));
  });

  it('made of anything is answered or refused with a code', () => {
    const word = fc.constantFrom('$and', '$or', '$eq', '$in', '$regex', '$elemMatch', '$not', '$size', 'id', 'tags', 'lines.sku', '');
    const { query } = fc.letrec<{ query: Json }>((tie) => ({
      query: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, 1, 'a', '[', true),
        fc.array(tie('query'), { maxLength: 2 }),
        fc.dictionary(word, tie('query'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(word, query, { maxKeys: 3 }), (any) => {
        try {
          expect(typeof matchesQuery(order, any, RULES)).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(LanguageError);
        }
      }),
    );
  });
});

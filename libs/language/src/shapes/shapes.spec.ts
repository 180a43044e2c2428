import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { coerce, coerceFields } from './coerce';
import { didYouMean, nearest } from './nearest';
import { any, block, boolean, branches, dictionary, duration, either, entries, expression, integer, isTemplated, list, map } from './shape';
import { mapOf, matching, milliseconds, nameOf, number, oneOf, path, raw, strictList, text } from './shape';
import type { Shape } from './shape';

describe('a parameter', () => {
  it.each<[string, Shape, Json, Json]>([
    ['a number as text', text, 7, '7'],
    ['numeric text as a number', number, ' 1e2 ', 100],
    ['"true" as a boolean', boolean, 'true', true],
    ['"false" as a boolean', boolean, 'false', false],
    ['a number as seconds', duration, 1.5, 1500],
    ['a number as milliseconds', milliseconds, 250, 250],
    ['a text as a duration', duration, '1h30m', 5_400_000],
    ['one item as a list', list(number), '3', [3]],
    ['each item of a list', list(number), ['1', 2], [1, 2]],
    ['anything as it is', any, { a: ['1'] }, { a: ['1'] }],
    ['data as it is', raw, '{{x}}', '{{x}}'],
    ['a dictionary as it is', dictionary, { a: '1' }, { a: '1' }],
    ['each value of a map', mapOf(number), { a: '1', b: null }, { a: 1, b: null }],
    ['known keys by their own shape, others by the rest', map({ a: { shape: text, is: '' } }, number), { a: 1, b: '2' }, { a: '1', b: 2 }],
    ['nothing of what is not known', map({ a: { shape: text, is: '' } }), { a: 1, b: 2 }, { a: '1' }],
    ['what fits first', either(integer(1), text), '2', 2],
    ['what fits at all', either(list(number), text), 'x', 'x'],
    ['a word of those known', oneOf('a', 'b'), 'b', 'b'],
    ['a text that fits', matching('^a'), 'ab', 'ab'],
  ])('takes %s', (_, shape, value, expected) => {
    expect(coerce(shape, value, 'x')).toEqual(expected);
  });

  it.each<[string, Shape, Json, string]>([
    ['a list as text', text, ['a'], '`x` must be a text, found list.'],
    ['another word', oneOf('a', 'b'), 'c', '`x` must be one of a, b, found text.'],
    ['a text that does not fit', matching('^a'), 'b', '`x` must be a text, found text.'],
    ['too little', integer(1), 0, '`x` must be a whole number of at least 1, found number.'],
    ['too much', integer(1, 3), 4, '`x` must be a whole number from 1 to 3, found number.'],
    ['a fraction', integer(1), 1.5, '`x` must be a whole number of at least 1, found number.'],
    ['no number', number, 'a', '`x` must be a number, found text.'],
    ['no boolean', boolean, 1, '`x` must be true or false, found number.'],
    ['no duration', duration, 'soon', '`x` must be a duration such as 90s, 1h30m or P7D, found text.'],
    ['a negative duration', duration, -1, '`x` must be a duration such as 90s, 1h30m or P7D, found number.'],
    ['one item where a list must be written', strictList(text), 'a', '`x` must be a list, found text.'],
    ['no map', dictionary, [], '`x` must be a map, found list.'],
    ['an item by its place', list(number), [1, 'a'], '`x[1]` must be a number, found text.'],
    ['an entry by its key', mapOf(number), { a: 'b' }, '`x.a` must be a number, found text.'],
    ['what fits nothing', either(integer(1), list(number)), 'a', '`x` must be a whole number of at least 1 or a list, found text.'],
  ])('refuses %s', (_, shape, value, message) => {
    expect(() => coerce(shape, value, 'x')).toThrow(expect.objectContaining({ code: 'language.argument_type', message }));
  });

  it('that is null or missing is not given, unless null is a value of it', () => {
    const fields = { a: { shape: text, is: '' }, b: { shape: any, is: '', nullable: true as const } };
    expect(coerceFields(fields, { a: null, b: null }, 'x')).toEqual({ b: null });
    expect(coerceFields(fields, {}, 'x')).toEqual({});
  });

  it('that is required must be given', () => {
    const given: readonly JsonMap[] = [{}, { a: null }];
    for (const value of given) {
      expect(() => coerceFields({ a: { shape: text, is: '', required: true } }, value, 'x')).toThrow(
        expect.objectContaining({ code: 'language.argument_missing', message: '`x.a` is required.' }),
      );
    }
  });
});

describe('a shape', () => {
  it.each<[Shape, string]>([
    [any, 'a value'],
    [raw, 'a value'],
    [path, 'the path of a variable'],
    [expression, 'an expression'],
    [block, 'a list of instructions'],
    [branches, 'a map of conditions to instructions'],
    [number, 'a number'],
    [boolean, 'true or false'],
  ])('%j is called %s', (shape, name) => {
    expect(nameOf(shape)).toBe(name);
  });

  it('is filled in before it is used, unless it is read otherwise', () => {
    expect([any, text, list(text), map({}), duration].map(isTemplated)).toEqual([true, true, true, true, true]);
    expect([raw, path, expression, block, entries, branches].map(isTemplated)).toEqual([false, false, false, false, false, false]);
  });
});

describe('the name that was probably meant', () => {
  const known = ['output', 'timeout', 'onError', 'do'];

  it.each([
    ['ouput', 'output'],
    ['OUTPUT', 'output'],
    ['tiemout', 'timeout'],
    ['on_error', 'onError'],
    ['od', 'do'],
    ['x', undefined],
    ['d', 'do'],
    ['something', undefined],
    ['', undefined],
  ])('for %j is %j', (name, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it('is asked for in a sentence, or not at all', () => {
    expect(didYouMean('ouput', known)).toBe(' Did you mean `output`?');
    expect(didYouMean('something', known)).toBe('');
  });
});

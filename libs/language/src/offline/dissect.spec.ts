import { describe, expect, it } from '@jest/globals';
import { LanguageError } from '../problems/language-error';
import { dissect } from './dissect';
import type { Piece } from './dissect';

/** Kind, source and type of every piece, the pieces of a piece below it. */
function outline(pieces: readonly Piece[], depth = 0): readonly string[] {
  return pieces.flatMap(({ kind, source, type, pieces: inner }) => [
    `${'  '.repeat(depth)}${kind} ${source} : ${type}`,
    ...outline(inner, depth + 1),
  ]);
}

describe('a text that is taken apart', () => {
  it('shows each piece of an expression with the type that its value has', () => {
    expect(outline(dissect('{{list.length}} > 1 and not (1 + "a" in b)', 'expression', { list: [1, 2] }))).toEqual([
      'and {{list.length}} > 1 and not (1 + "a" in b) : boolean',
      '  binary {{list.length}} > 1 : boolean',
      '    reference {{list.length}} : number',
      '    literal 1 : number',
      '  not not (1 + "a" in b) : boolean',
      '    in (1 + "a" in b) : boolean',
      '      binary 1 + "a" : text',
      '        literal 1 : number',
      '        literal "a" : text',
      '      word b : text',
    ]);
  });

  it('shows the parts of a template one after the other, and what cannot be read among them', () => {
    const pieces = dissect('Hello {{who}}, {% 1 / 0 %}{{a(b)}}!', 'template', { who: null });
    expect(outline(pieces)).toEqual([
      'text Hello  : text',
      'reference {{who}} : null',
      'text ,  : text',
      'binary 1 / 0 : language.expression_type',
      '  literal 1 : number',
      '  literal 0 : number',
      'broken {{a(b)}} : language.reference_syntax',
      'text ! : text',
    ]);
    expect(pieces[4]?.is['message']).toContain('cannot stand in a reference');
  });

  it('says what distinguishes a piece from others of its kind', () => {
    const is = (text: string): Piece['is'] | undefined => dissect(text, 'expression')[0]?.is;
    expect([is('1'), is('undefined'), is('word'), is('{{a.b[0]}}'), is('{{a[{{b}}]}}')]).toEqual([
      { value: 1 },
      {},
      { word: 'word' },
      { path: ['a', 'b', '0'] },
      {},
    ]);
    expect([is('upper("a")'), is('date(0).iso'), is('1 <= 2'), is('{a: 1, "b c": 2}')]).toEqual([
      { name: 'upper' },
      { name: 'iso' },
      { operator: '<=' },
      { keys: ['a', 'b c'] },
    ]);
    expect([is('a not in b'), is('a in b'), is('{{a}} not exists')]).toEqual([{ negated: true }, {}, { negated: true }]);
  });

  it('is refused when it is an expression that cannot be read', () => {
    expect(() => dissect('1 +', 'expression')).toThrow(LanguageError);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '@millrace/kernel';
import { ERROR_CODES } from '../problems/codes';
import { LanguageError } from '../problems/language-error';
import { Chance } from '../values/random';
import type { Value } from '../values/value';
import { compileText } from './compile-template';
import type { Env } from './env';
import { FUNCTIONS } from './functions/functions';
import { parseTemplate } from './template';

const MOST_UNITS = 100_000;

const VARIABLES: Readonly<Record<string, Json>> = {
  n: 3,
  t: 'some text, 1, 2',
  d: '2026-01-02T03:04:05Z',
  l: [1, 'a', null, { a: 1 }, [2]],
  m: { a: { b: [1, 2] }, 'x y': 'z', n: null },
  long: 'x'.repeat(50_000),
  many: Array.from({ length: 2000 }, (_, index) => ({ k: index % 7, v: `value ${index}` })),
};

/** A world that counts work as a run does. */
class CountingEnv implements Env {
  spent = 0;
  readonly now = 0;
  readonly timeZone = 'UTC';
  readonly locale = 'en';
  readonly chance = new Chance('seed');
  readonly longestText = 4 * 1024 * 1024;

  variable(name: string): Value {
    return Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  }

  share(): void {
    // Nothing is written here.
  }

  restart(): void {
    // One text is one budget.
  }

  spend(units: number): void {
    this.spent += units;
    if (this.spent > MOST_UNITS) throw new LanguageError('language.expression_budget', 'Too much work.');
  }
}

const reference = fc.constantFrom(
  '{{n}}',
  '{{t}}',
  '{{d}}',
  '{{l}}',
  '{{m}}',
  '{{u}}',
  '{{m.a.b[0]}}',
  '{{l[-1]}}',
  '{{m["x y"]}}',
  '{{m[{{t}}]}}',
  '{{long}}',
  '{{many}}',
);
const literal = fc.constantFrom(
  '1',
  '2.5',
  '"a"',
  "'a.b'",
  'true',
  'null',
  'undefined',
  'word',
  '[]',
  '{}',
  '{a: 1}',
  '{"k": {"$gt": 3}}',
  '"day"',
  '"desc"',
  '"all"',
);
const operator = fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '===', '<', '>=', 'and', 'or', '??', 'in', 'not in', 'matches', '||');
const name = fc.constantFrom(...FUNCTIONS.keys());
const field = fc.constantFrom('.iso', '.year', '.asJSON', '.host', '.query', '.length', '[0]', '.a');

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(reference, literal),
    fc.tuple(tie('expression'), operator, tie('expression')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(name, fc.array(tie('expression'), { maxLength: 4 })).map(([called, args]) => `${called}(${args.join(', ')})`),
    fc.tuple(name, fc.array(tie('expression'), { maxLength: 2 }), field).map(([called, args, of]) => `${called}(${args.join(', ')})${of}`),
    fc.tuple(fc.constantFrom('not ', '-', '!'), tie('expression')).map(([sign, of]) => `${sign}(${of})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  ),
}));

/** Evaluates a text; what it may throw is a refusal of the language with a code that is known. */
function evaluated(text: string, prisme: boolean): Value {
  try {
    return compileText(text, { prisme }).evaluate(new CountingEnv());
  } catch (error) {
    expect(error).toBeInstanceOf(LanguageError);
    expect(ERROR_CODES).toContain((error as LanguageError).code);
    return undefined;
  }
}

describe('any expression', () => {
  it('gives a JSON value or is refused with a code, within its budget', () => {
    fc.assert(
      fc.property(expression, fc.boolean(), (source, prisme) => {
        const value = evaluated(`{% ${source} %}`, prisme);
        if (value !== undefined) expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same again, and changes nothing it reads', () => {
    const before = JSON.stringify(VARIABLES);
    fc.assert(
      fc.property(expression, (source) => {
        expect(evaluated(`{% ${source} %}`, false)).toEqual(evaluated(`{% ${source} %}`, false));
        expect(JSON.stringify(VARIABLES)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '.',
    '"',
    "'",
    '\\',
    ' ',
    'a',
    'n',
    '1',
    '??',
    'regex(',
    '+',
    ',',
    ':',
    '\n',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );

  it('can be read as a template: every part of it is text, or knows where it stands', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (written, prisme) => {
        const { parts } = parseTemplate(written, { prisme });
        const length = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part.end - part.at), 0);
        expect(length).toBe(written.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('can be evaluated or is refused with a code', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (written, prisme) => {
        evaluated(written, prisme);
      }),
      { numRuns: 1000 },
    );
  });

  it('without an opening is itself', () => {
    fc.assert(
      fc.property(
        fc.string().filter((one) => !/\{[{%]/.test(one)),
        (written) => {
          expect(evaluated(written, false)).toBe(written);
        },
      ),
    );
  });
});

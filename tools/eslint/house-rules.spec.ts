import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { DOMAIN, EVERYWHERE, PURE, TESTS } from './house-rules.mjs';
import { numberedTodo } from './numbered-todo.mjs';

const RULES = {
  'no-restricted-syntax': ['error', ...EVERYWHERE, ...PURE, ...DOMAIN, ...TESTS],
  'house/numbered-todo': 'error',
} as const;

/** What the house rules, all of them at once, say of a line of source. */
const say = (source: string) =>
  new Linter()
    .verify(
      source,
      [
        {
          files: ['**/*.ts'],
          languageOptions: { parser: tseslint.parser },
          plugins: { house: { rules: { 'numbered-todo': numberedTodo } } },
          rules: RULES as unknown as Linter.RulesRecord,
        },
      ],
      'file.ts',
    )
    .map((problem) => problem.message);

describe('the house rules', () => {
  it.each([
    ['export * from', `export * from './offer';`],
    ['forwardRef', `import { forwardRef } from '@nestjs/common';`],
    ['a global module', `import { Global } from '@nestjs/common';`],
    ['request scope', `const scope = Scope.REQUEST;`],
    ['the clock', `const now = Date.now();`],
    ['the clock, as a date', `const now = new Date();`],
    ['the clock, as text', `const now = Date();`],
    ['the clock, finely', `const now = performance.now();`],
    ['chance', `const dice = Math.random();`],
    ['chance, from cryptography', `const id = crypto.randomUUID();`],
    ['a timer', `setTimeout(next, 10);`],
    ['an error without a code', `throw new Error('no');`],
    ['a mock', `const call = jest.fn();`],
    ['a spy', `jest.spyOn(bus, 'call');`],
    ['a sleep', `await new Promise((resolve) => setTimeout(resolve, 10));`],
    ['a sleep of the library', `import { setTimeout } from 'node:timers/promises';`],
    ['a test that runs alone', `it.only('works', run);`],
    ['a test that does not run', `describe.skip('works', run);`],
    ['unfinished work without a number', `// TODO: finish`],
  ])('refuse %s', (_what, source) => {
    expect(say(source)).not.toEqual([]);
  });

  it.each([
    ['names that are exported one by one', `export { Offer } from './offer';`],
    ['a date made of what was given', `const date = new Date(now);`],
    ['a refusal with a code', `throw new DomainError(refusal);`],
    ['a test', `it('works', run);`],
    ['unfinished work with its number', `// TODO(#12): finish`],
  ])('let pass %s', (_what, source) => {
    expect(say(source)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { DomainError, REFUSALS } from '@millrace/kernel';
import { ERROR_CODES, errorName, refusalOf } from './codes';
import { excerpt, LanguageError } from './language-error';

describe('an error code', () => {
  it.each([
    ['language.regex', 'invalid', 'InvalidExpressionSyntax'],
    ['language.path_invalid', 'invalid', 'InvalidVariableNameError'],
    ['language.read_only', 'invalid', 'InvalidInstructionError'],
    ['language.arguments_invalid', 'invalid', 'InvalidArgumentsError'],
    ['runtime.event_invalid', 'invalid', 'InvalidEventError'],
    ['runtime.event_too_large', 'invalid', 'EventTooLarge'],
    ['runtime.forbidden', 'forbidden', 'ForbiddenError'],
    ['runtime.automation_not_found', 'not-found', 'ObjectNotFoundError'],
    ['runtime.context_conflict', 'conflict', 'PrismeError'],
    ['runtime.loop', 'exhausted', 'TooManyCallError'],
    ['runtime.run_limit', 'exhausted', 'PrismeError'],
    ['runtime.fetch_status', 'unavailable', 'PrismeError'],
    ['crm.no_customer', 'unavailable', 'PrismeError'],
  ])('%s is refused as %s and called %s', (code, refusal, name) => {
    expect([refusalOf(code), errorName(code)]).toEqual([refusal, name]);
  });

  it('always maps to one of the seven refusals', () => {
    expect(ERROR_CODES.filter((code) => !REFUSALS.includes(refusalOf(code)))).toEqual([]);
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });
});

describe('an error of the language', () => {
  const place = { file: 'automations/a.yaml', line: 3, column: 5, length: 2 };

  it('is a refusal with its code', () => {
    const error = new LanguageError('language.type', 'No.');
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'language.type', refusal: 'invalid', message: 'No.' });
  });

  it('is placed once: the innermost place stays', () => {
    const error = new LanguageError('language.type', 'No.', { at: 1, end: 2 }, { details: { a: 1 } }).placed(place);
    expect(error).toMatchObject({ place, span: { at: 1, end: 2 }, details: { a: 1 } });
    expect(error.placed({ ...place, line: 9 })).toBe(error);
  });

  it.each([
    ['a + b', { at: 4, end: 5 }, 'a + b\n    ^'],
    ['first\nsecond\nthird', { at: 6, end: 12 }, 'second\n^^^^^^'],
    ['first\nsecond', { at: 8, end: 99 }, 'second\n  ^^^^'],
    ['a', { at: 1, end: 1 }, 'a\n ^'],
  ])('shows in %j what is meant', (source, span, expected) => {
    expect(excerpt(source, span)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { reasonOf } from './faults';

describe('reasonOf', () => {
  it.each([
    ['the message of an error', new Error('broken'), 'broken'],
    ['code and message of a refusal', new DomainError('log.full', 'exhausted', 'The log is full.'), 'log.full: The log is full.'],
    ['whatever else was thrown', 'a text', 'a text'],
    ['nothing at all', undefined, 'undefined'],
  ])('gives %s', (_, thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
  });
});

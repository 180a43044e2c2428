import { describe, expect, it } from '@jest/globals';
import { DomainError, isAway } from './refusal';

describe('isAway', () => {
  const away = new DomainError('log.unavailable', 'unavailable', 'The log is away.');

  it('is said by a refusal that something cannot be reached, and by what such a refusal caused', () => {
    const put = new Error('A run was put down.', { cause: away });
    expect([away, put, new DomainError('runs.failed', 'conflict', 'It failed.'), new Error('x', { cause: put })].map(isAway)).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('is not said by faults, other refusals, and what is no error at all', () => {
    expect([new Error('broken'), new DomainError('log.full', 'exhausted', 'It is full.'), 'unavailable', undefined].map(isAway)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

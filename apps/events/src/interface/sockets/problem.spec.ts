import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { problemOf } from './problem';

describe('a problem on a socket', () => {
  it('says of a refusal what HTTP would', () => {
    const facts = { roles: ['editor'] };
    expect(problemOf(new DomainError('events.create_denied', 'forbidden', 'No.', { facts }))).toEqual({
      ...{ code: 'events.create_denied', status: 403, detail: 'No.', errors: [], facts },
    });
    expect(problemOf(new DomainError('events.too_large', 'invalid', 'Big.')).status).toBe(413);
    expect(problemOf(new DomainError('events.native_type', 'invalid', 'Ours.')).status).toBe(422);
  });

  it('says of a fault nothing but that it was one', () => {
    const problem = problemOf(new Error('secret'));
    expect(problem).toMatchObject({ code: 'api.internal', status: 500 });
    expect(problem.detail).not.toContain('secret');
  });
});

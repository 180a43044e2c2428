import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { begin, end, expiryOf, goOn, isTriedAgain, problemOf, takeOver, type Job } from './job';

const HOUR = 3_600_000;
const progress = { done: 1, total: 2 };
const begun: Job<string, string, string> = begin(
  { id: 'job_1', kind: 'import', by: { kind: 'user', id: 'ada', roles: [] }, correlationId: 'c', asked: 'this' },
  { progress },
  0,
);

describe('a job', () => {
  it('is taken over when nobody has said for half a minute that it is in hand', () => {
    expect(takeOver(begun, 29_999)).toBe(begun);
    expect(takeOver(begun, 30_000)).toMatchObject({ due: 60_000, state: 'running' });
    expect(takeOver(goOn(begun, { progress }, 20_000), 30_000)).toMatchObject({ due: 50_000 });
  });

  it('ends once, and knows only what came of it then', () => {
    const done = end(goOn(begun, { progress, known: 'a plan' }, 1), { result: 'that' }, 5);
    expect(done).toMatchObject({ state: 'done', result: 'that', endedAt: 5, progress });
    expect(done).not.toHaveProperty('known');
    expect(end(done, { problem: problemOf(new Error('late')) }, 6)).toBe(done);
    expect([goOn(done, { progress }, 7), takeOver(done, 99_999)]).toEqual([done, done]);
    expect(end(begun, { problem: problemOf(new Error('x')) }, 5)).toMatchObject({ state: 'failed' });
  });

  it('is kept for a day once it has ended, and tried again for an hour', () => {
    expect([expiryOf(begun), expiryOf({ endedAt: 5 })]).toEqual([undefined, 24 * HOUR + 5]);
    expect([isTriedAgain(0, HOUR - 1), isTriedAgain(0, HOUR)]).toEqual([true, false]);
  });

  it('tells refusals as they are, and of faults only that there was one', () => {
    const errors = [{ pointer: '/a', code: 'b', detail: 'c' }];
    expect(problemOf(new DomainError('x.y', 'invalid', 'No.', { errors }))).toEqual({ code: 'x.y', detail: 'No.', errors });
    expect(JSON.stringify(problemOf(new Error('secret')))).not.toContain('secret');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subjectMatcher } from '../../wire/subject-pattern';
import { filterOfPrefix, keyOfSubject, subjectOfKey } from './keys';

const LETTERS = ['A', 'z', '0', '_', '=', '-', '.', '.', '/', '/'];
const key = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 255 });

describe('a key as a subject', () => {
  it.each([
    ['gateway.abc', 'gateway.abc'],
    ['user/u-1', 'user./u-1'],
    ['.', '//.//'],
    ['/', '//./'],
    ['a..b', 'a.//.b'],
    ['a./b', 'a.//./b'],
    ['a//b', 'a././b'],
    ['run_01JD3Z8Q4M5N6P7R8S9T0V1W2X', 'run_01JD3Z8Q4M5N.//6P7R8S9T0V1W2X'],
    ['a/0123456789abcdef', 'a./0123456789abcdef'],
    ['a/0123456789abcdefg.h', 'a./0123456789abcdef.//g.h'],
  ])('of %s is %s', (written, subject) => {
    expect(subjectOfKey(written)).toBe(subject);
  });

  it('has no empty token and comes back as it was', () => {
    fc.assert(
      fc.property(key, (any) => {
        const subject = subjectOfKey(any);
        expect(subject.split('.')).not.toContain('');
        expect(keyOfSubject(subject)).toBe(any);
      }),
    );
  });

  it('is another for another key', () => {
    fc.assert(fc.property(key, key, (one, other) => expect(subjectOfKey(one) === subjectOfKey(other)).toBe(one === other)));
  });

  it('passes the filter of each of its prefixes', () => {
    fc.assert(
      fc.property(key, fc.nat(255), (any, length) => {
        expect(subjectMatcher(filterOfPrefix(any.slice(0, length)))(subjectOfKey(any))).toBe(true);
      }),
    );
  });

  it('is kept back by the filter of another folder, and of another id', () => {
    expect(filterOfPrefix('run/')).toBe('run.>');
    expect(filterOfPrefix('run/12/st')).toBe('run./12.>');
    expect(filterOfPrefix('run_01JD3Z8Q4M5N6P7R8S9T0V1W2X')).toBe('run_01JD3Z8Q4M5N.>');
    expect(subjectMatcher(filterOfPrefix('run/'))(subjectOfKey('runs/1'))).toBe(false);
  });
});

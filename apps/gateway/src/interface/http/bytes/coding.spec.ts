import { describe, expect, it } from '@jest/globals';
import { codingFor } from './coding';

describe('the coding of an answer', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['deflate, zstd', undefined],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['X-GZIP', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['br;q=0, gzip;q=0.0', undefined],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0.5, *;q=0.5', 'br'],
    ['br;q=wrong, gzip', 'gzip'],
  ])('for %j is %j', (accepted, coding) => {
    expect(codingFor(accepted)).toBe(coding);
  });
});

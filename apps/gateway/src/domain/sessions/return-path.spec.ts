import { describe, expect, it } from '@jest/globals';
import { returnPath } from './return-path';

describe('where a sign-in leads', () => {
  it.each([
    '/',
    '/console/',
    '/console/w/ws_1/runs?state=failed#top',
    '/console/?next=//evil.test',
    '/v1/me',
    '/a/..b',
    '/%2f%2fx',
    '/a//b',
  ])('is %s, a path of our own', (path) => {
    expect(returnPath(path)).toBe(path);
  });

  it.each([
    '',
    'console/',
    'https://evil.test',
    'https:evil.test',
    'http:/\\evil.test',
    '//evil.test',
    '///evil.test',
    '////evil.test/%2f..',
    '/\\evil.test',
    '/\\/evil.test',
    '\\\\evil.test',
    '\\/evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '/\r/evil.test',
    '\t//evil.test',
    ' //evil.test',
    ' /console/',
    '/ /evil.test',
    '/console/\u0000',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '@evil.test',
    '.evil.test',
    ':80',
    '?x',
    '#x',
    `/${'a'.repeat(2_048)}`,
  ])('is never %j', (path) => {
    expect(returnPath(path)).toBeUndefined();
  });

  it.each([
    '/v1/auth',
    '/v1/auth/sign-in',
    '/V1/auth/sign-in',
    '/v1/./auth/sign-in',
    '/x/../v1/auth/callback',
    '/v1/%61uth/sign-in',
    '/v1/auth:sign-out-everywhere',
  ])('is not %s, where it would begin again', (path) => {
    expect(returnPath(path)).toBeUndefined();
  });

  it('stays at our origin, as browsers read it, whatever is let through', () => {
    for (const path of [
      '/%5cevil.test',
      '/%09/evil.test',
      '/..//evil.test',
      '/.//evil.test',
      '/a/..//evil.test',
      '/;//evil.test',
      '/%2e%2e//evil.test',
    ]) {
      const led = returnPath(path);
      if (led !== undefined) expect(new URL(led, 'https://door.test').origin).toBe('https://door.test');
    }
  });
});

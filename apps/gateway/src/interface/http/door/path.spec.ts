import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../../testing/refusal-of';
import { checkPath, pathOf, queryOf } from './path';

describe('the path of a request', () => {
  it.each([
    '/',
    '/v1/me',
    '/v1/workspaces/a.b',
    '/v1/workspaces/a%2Fb',
    '/v1/x:run',
    '/v1/a%23b',
    '/e/w/caf%C3%A9',
    '/v1/me?next=//evil/..;',
    '/a/b/',
  ])('may be %s', (url) => {
    expect(() => checkPath(url)).not.toThrow();
  });

  it.each([
    '//v1/me',
    '/v1//me',
    '/v1/me//',
    '/v1/../healthz',
    '/v1/..',
    '/v1/%2e%2e/healthz',
    '/v1/.%2E/healthz',
    '/v1/a..b',
    '/v1/me;a=b',
    '/v1/me%3Ba',
    '/v1/me.',
    '/v1/me%2e',
    '/v1/./me',
    '/v1\\me',
    '/v1/%5cme',
    '/v1/me#',
    '/v1/me/#fragment',
    '/v1/me%00',
    '/v1/me%0a',
    '/v1/%',
    '/v1/%zz',
    '/v1/%c3%28',
    'v1/me',
    '*',
    'http://other/v1/me',
  ])('may not be %s', (url) => {
    expect(refusalOf(() => checkPath(url))).toMatchObject({ code: 'api.path_invalid', refusal: 'invalid' });
  });

  it('may not be longer than 8 KiB', () => {
    expect(refusalOf(() => checkPath(`/v1/me?a=${'b'.repeat(8_192)}`))).toMatchObject({ code: 'api.url_too_large' });
  });

  it('ends at the question mark', () => {
    expect([pathOf('/a/b?c=d?e'), queryOf('/a/b?c=d?e')]).toEqual(['/a/b', 'c=d?e']);
    expect([pathOf('/a'), queryOf('/a')]).toEqual(['/a', '']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { isRedirect, redirected } from './redirects';
import type { Outgoing } from './request/outgoing';

function from(method: string, headers: Readonly<Record<string, string>> = {}): Outgoing {
  return { url: new URL('https://api.test/a/b?c=d'), method, headers, body: Buffer.from('body') };
}

describe('a redirect', () => {
  it('is one of five statuses with a location', () => {
    expect([301, 302, 303, 307, 308].every((status) => isRedirect(status, '/'))).toBe(true);
    expect([200, 201, 300, 304, 305, 306].some((status) => isRedirect(status, '/'))).toBe(false);
    expect(isRedirect(302, undefined)).toBe(false);
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'DELETE', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [302, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('with %i makes of %s a %s', (status, method, then) => {
    expect(redirected(from(method), status, '/next')?.method).toBe(then);
  });

  it('that makes a GET drops the body and what describes it', () => {
    const headers = { 'content-type': 'a', 'content-language': 'b', 'idempotency-key': 'c', accept: 'd' };
    expect(redirected(from('POST', headers), 302, '/')).toEqual({
      url: new URL('https://api.test/'),
      method: 'GET',
      headers: { accept: 'd' },
    });
    expect(redirected(from('POST', headers), 307, '/')).toMatchObject({ headers, body: Buffer.from('body') });
  });

  it('is relative to the URL it came from', () => {
    const places = ['e?f=g', '/x', '?y', '//other.test/z', 'http://plain.test'].map(
      (location) => redirected(from('GET'), 302, location)?.url.href,
    );
    expect(places).toEqual([
      'https://api.test/a/e?f=g',
      'https://api.test/x',
      'https://api.test/a/b?y',
      'https://other.test/z',
      'http://plain.test/',
    ]);
  });

  it('keeps credentials within the origin', () => {
    const headers = { authorization: 'a', cookie: 'b', 'x-api-key': 'c' };
    expect(redirected(from('GET', headers), 302, '/next')?.headers).toEqual(headers);
  });

  it.each(['https://other.test/', 'http://api.test/', 'https://api.test:8443/'])('to another origin, %s, takes none along', (location) => {
    const headers = {
      authorization: 'a',
      cookie: 'b',
      'x-api-key': 'c',
      'x-auth-token': 'd',
      'client-secret': 'e',
      accept: 'f',
      'idempotency-key': 'g',
    };
    expect(redirected(from('PUT', headers), 307, location)?.headers).toEqual({ accept: 'f', 'idempotency-key': 'g' });
  });

  it('to what is no URL is none', () => {
    expect(redirected(from('GET'), 302, 'http://[')).toBeUndefined();
  });
});

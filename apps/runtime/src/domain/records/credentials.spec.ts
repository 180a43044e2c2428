import { describe, expect, it } from '@jest/globals';
import { bareUrl, withoutConfidential, withoutCredentials } from './credentials';

describe('what proves who somebody is', () => {
  it('is not kept of headers and parameters', () => {
    const given = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Api-Key': 'k', 'stripe-signature': 's', accept: 'text/plain' };
    expect(withoutConfidential(given)).toEqual({ accept: 'text/plain' });
  });

  it('is not kept of a URL', () => {
    expect(bareUrl('https://a.test/x?q=1&access_token=t&API_KEY=k')).toBe('https://a.test/x?q=1');
    expect(bareUrl('https://a.test/x?q=%201')).toBe('https://a.test/x?q=%201');
    expect(bareUrl('no url')).toBe('no url');
  });

  it('is not kept of a request', () => {
    const headers = { authorization: 'x', accept: 'y' };
    const request = { url: 'https://a.test/?token=t', method: 'get', headers, query: { password: 'p', q: 1 }, auth: { bearer: 'b' } };
    expect(withoutCredentials(request)).toEqual({ url: 'https://a.test/', method: 'get', headers: { accept: 'y' }, query: { q: 1 } });
    expect(withoutCredentials({ url: 7, headers: 'x' })).toEqual({ headers: 'x' });
    expect(withoutCredentials(null)).toBeNull();
  });
});

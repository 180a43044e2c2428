import { describe, expect, it } from '@jest/globals';
import { headersIn, headersOut } from './carried-headers';

const inOf = (headers: Record<string, string>, withAuthorization = false): string[] =>
  headersIn(Object.entries(headers).flat(), withAuthorization).filter((_, index) => index % 2 === 0);

describe('the headers an automation sees', () => {
  it('are those of the request, lower case, in order, as often as they came', () => {
    const raw = ['Host', 'h', 'X-A', '1', 'x-a', '2', 'Stripe-Signature', 't=1'];
    expect(headersIn(raw, false)).toEqual(['host', 'h', 'x-a', '1', 'x-a', '2', 'stripe-signature', 't=1']);
  });

  it('hold nothing about the connection, no cookie, no word on who sent it along, no bare identity', () => {
    const sent = [
      'Connection',
      'Keep-Alive',
      'TE',
      'Transfer-Encoding',
      'Upgrade',
      'Expect',
      'Proxy-Authorization',
      'Cookie',
      'Forwarded',
      'Via',
    ];
    const more = ['X-Forwarded-For', 'x-forwarded', 'X-Real-IP', 'X-Original-URL', 'Millrace-Principal', 'millrace-run', 'X-User-Id'];
    expect(inOf(Object.fromEntries([...sent, ...more, 'X-Kept'].map((name) => [name, 'x'])))).toEqual(['x-kept']);
  });

  it('hold nothing that the sender names as belonging to the connection', () => {
    expect(inOf({ Connection: 'close, X-Secret', 'X-Secret': '1', 'X-Kept': '2' })).toEqual(['x-kept']);
    expect(inOf({ Connection: 'keep-alive', 'X-Kept': '2' })).toEqual(['x-kept']);
  });

  it('hold an authorization only when it is not for us', () => {
    expect(inOf({ Authorization: 'Bearer x' }, false)).toEqual([]);
    expect(inOf({ Authorization: 'Bearer x' }, true)).toEqual(['authorization']);
  });
});

describe('the headers the world sees', () => {
  it('hold nothing that would speak for the whole origin or the connection', () => {
    const names = [
      'Set-Cookie',
      'Connection',
      'Transfer-Encoding',
      'Content-Length',
      'Clear-Site-Data',
      'Strict-Transport-Security',
      'Alt-Svc',
    ];
    const more = ['Content-Security-Policy', 'X-Content-Type-Options', 'Service-Worker-Allowed', 'Access-Control-Allow-Credentials'];
    const headers = [...names, ...more, 'X-Kept', 'Content-Type', 'Location'].flatMap((name) => [name, 'x']);
    expect(headersOut(headers, false).map(({ name }) => name)).toEqual(['x-kept', 'content-type', 'location']);
    expect(headersOut(headers, true).map(({ name }) => name)).toEqual([
      'set-cookie',
      'content-security-policy',
      'x-kept',
      'content-type',
      'location',
    ]);
    expect(headersOut(['Set-Cookie', 'a=b; Domain=example.org'], true)).toEqual([]);
  });
});

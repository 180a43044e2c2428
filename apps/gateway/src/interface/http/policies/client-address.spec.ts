import { describe, expect, it } from '@jest/globals';
import { ClientAddresses, counted } from './client-address';
import { Networks } from './networks';

const PROXY = '10.0.0.1';
const behind = (header: 'forwarded' | 'x-forwarded-for' | 'x-real-ip'): ClientAddresses =>
  new ClientAddresses([{ addresses: ['10.0.0.0/8', '2001:db8::/32'], header }]);

describe('the address of a caller', () => {
  it.each([
    ['x-forwarded-for', '203.0.113.9'],
    ['forwarded', 'for=203.0.113.9'],
    ['x-real-ip', '203.0.113.9'],
    ['true-client-ip', '203.0.113.9'],
    ['x-client-ip', '203.0.113.9'],
    ['cf-connecting-ip', '203.0.113.9'],
  ])('is that of the connection, whatever %s says, where nobody is trusted', (header, value) => {
    expect(new ClientAddresses([]).of('198.51.100.1', { [header]: value })).toBe('198.51.100.1');
    expect(behind('x-forwarded-for').of('198.51.100.1', { [header]: value })).toBe('198.51.100.1');
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['203.0.113.9:8080', '203.0.113.9'],
    ['[2001:db9::1]:8080', '2001:db9::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8::5, 10.0.0.2', '2001:db8::5'],
    ['203.0.113.9, nonsense', undefined],
    ['', '10.0.0.1'],
  ])('is what the trusted proxy says with "%s", from the right', (value, address) => {
    expect(behind('x-forwarded-for').of(PROXY, { 'x-forwarded-for': value })).toBe(address);
  });

  it('is read from the header that this proxy uses, and from no other', () => {
    const headers = { 'x-forwarded-for': '1.1.1.1', forwarded: 'for=2.2.2.2, For="[2001:db9::7]:80";proto=https', 'x-real-ip': '3.3.3.3' };
    expect(behind('x-forwarded-for').of(PROXY, headers)).toBe('1.1.1.1');
    expect(behind('forwarded').of(PROXY, headers)).toBe('2001:db9::7');
    expect(behind('x-real-ip').of(PROXY, headers)).toBe('3.3.3.3');
    expect(behind('forwarded').of(PROXY, { forwarded: 'proto=https' })).toBeUndefined();
  });

  it('is unknown when the connection has none', () => {
    expect(behind('forwarded').of(undefined, {})).toBeUndefined();
  });

  it('counts as one for a whole network of the new kind', () => {
    expect(counted('203.0.113.9')).toBe('203.0.113.9');
    expect(counted(undefined)).toBeUndefined();
    const network = '2001:db8:0:a::/64';
    expect([
      counted('2001:db8:0:a::1'),
      counted('2001:0db8:0000:000a:ffff:ffff:ffff:ffff'),
      counted('2001:db8::a:0:0:203.0.113.9'),
    ]).toEqual([network, network, network]);
    expect(counted('::1')).toBe('0:0:0:0::/64');
  });
});

describe('networks', () => {
  it('hold their addresses in either dress', () => {
    const networks = new Networks(['192.0.2.0/24', '203.0.113.7', '2001:db8::/32']);
    expect(['192.0.2.255', '203.0.113.7', '::ffff:192.0.2.1', '2001:db8:1::1'].map((address) => networks.has(address))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['192.0.3.0', '203.0.113.8', '2001:db9::1'].map((address) => networks.has(address))).toEqual([false, false, false]);
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0.0/x', ''])('are not "%s"', (text) => {
    expect(() => new Networks([text])).toThrow('is no address and no network');
  });
});

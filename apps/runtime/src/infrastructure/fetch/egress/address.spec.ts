import { describe, expect, it } from '@jest/globals';
import { familyOf, whyNotPublic } from './address';

/** The last address before, the first and last of, and the first after each network that is not public. */
const EDGES: readonly (readonly [string, boolean])[] = [
  ['0.0.0.0', false],
  ['0.255.255.255', false],
  ['1.0.0.0', true],
  ['9.255.255.255', true],
  ['10.0.0.0', false],
  ['10.255.255.255', false],
  ['11.0.0.0', true],
  ['100.63.255.255', true],
  ['100.64.0.0', false],
  ['100.127.255.255', false],
  ['100.128.0.0', true],
  ['126.255.255.255', true],
  ['127.0.0.0', false],
  ['127.255.255.255', false],
  ['128.0.0.0', true],
  ['168.63.129.15', true],
  ['168.63.129.16', false],
  ['168.63.129.17', true],
  ['169.253.255.255', true],
  ['169.254.0.0', false],
  ['169.254.255.255', false],
  ['169.255.0.0', true],
  ['172.15.255.255', true],
  ['172.16.0.0', false],
  ['172.31.255.255', false],
  ['172.32.0.0', true],
  ['191.255.255.255', true],
  ['192.0.0.0', false],
  ['192.0.0.255', false],
  ['192.0.1.0', true],
  ['192.0.2.0', false],
  ['192.0.3.0', true],
  ['192.88.98.255', true],
  ['192.88.99.0', false],
  ['192.88.100.0', true],
  ['192.167.255.255', true],
  ['192.168.0.0', false],
  ['192.168.255.255', false],
  ['192.169.0.0', true],
  ['198.17.255.255', true],
  ['198.18.0.0', false],
  ['198.19.255.255', false],
  ['198.20.0.0', true],
  ['198.51.99.255', true],
  ['198.51.100.0', false],
  ['198.51.101.0', true],
  ['203.0.112.255', true],
  ['203.0.113.255', false],
  ['203.0.114.0', true],
  ['223.255.255.255', true],
  ['224.0.0.0', false],
  ['239.255.255.255', false],
  ['240.0.0.0', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::808:808', false],
  ['1fff:ffff::1', false],
  ['2000::', true],
  ['2001:0:4136:e378::1', false],
  ['2001:1ff:ffff::1', false],
  ['2001:200::', true],
  ['2001:db7:ffff::1', true],
  ['2001:db8::1', false],
  ['2001:db9::1', true],
  ['2001:ffff::1', true],
  ['2002:808:808::1', false],
  ['2003::1', true],
  ['2606:4700:4700::1111', true],
  ['2a00:1450:4001::1', true],
  ['3ffe:ffff::1', true],
  ['3fff::1', false],
  ['3fff:fff:ffff::1', false],
  ['3fff:1000::1', true],
  ['4000::', false],
  ['fbff::1', false],
  ['fc00::1', false],
  ['fe80::1', false],
  ['ff00::1', false],
];

describe('whyNotPublic', () => {
  it.each(EDGES)('takes %s for public: %s', (address, isPublic) => {
    expect(whyNotPublic(address) === undefined).toBe(isPublic);
  });

  it('says what an address is', () => {
    const kinds = ['127.0.0.1', '169.254.169.254', '169.254.1.1', '192.168.1.1', '100.64.0.1', '255.255.255.255', '224.0.0.1'].map(
      whyNotPublic,
    );
    expect(kinds).toEqual([
      'a loopback address',
      'a metadata address',
      'a link-local address',
      'a private address',
      'an address inside a carrier',
      'the broadcast address',
      'a multicast address',
    ]);
    expect(['::', '::1', '::ffff:1.1.1.1', 'fd00:ec2::254', '4000::'].map(whyNotPublic)).toEqual([
      'the unspecified address',
      'a loopback address',
      'an IPv4 address in disguise',
      'a metadata address',
      'a reserved address',
    ]);
  });

  it('looks past a zone id', () => {
    expect(whyNotPublic('fe80::1%eth0')).toBe('a link-local address');
    expect(whyNotPublic('2a00:1450:4001::1%eth0')).toBeUndefined();
  });

  it.each(['', 'localhost', '127.1', '0x7f000001', '1.2.3.4.5', '[::1]', '::1::'])('takes "%s" for no address', (text) => {
    expect(whyNotPublic(text)).toBe('no IP address');
    expect(familyOf(text)).toBeUndefined();
  });
});

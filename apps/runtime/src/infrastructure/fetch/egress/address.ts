import { BlockList, isIP } from 'node:net';

type Row = readonly [what: string, ...networks: string[]];

/** Networks of IPv4 that are not the public internet: the IANA special-purpose registry, and what clouds put beside it. */
const IPV4: readonly Row[] = [
  ['an unspecified address', '0.0.0.0/8'],
  ['a loopback address', '127.0.0.0/8'],
  ['a metadata address', '169.254.169.254/32', '169.254.170.2/32', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'],
  ['a private address', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['a link-local address', '169.254.0.0/16'],
  ['an address inside a carrier', '100.64.0.0/10'],
  ['a multicast address', '224.0.0.0/4'],
  ['the broadcast address', '255.255.255.255/32'],
  ['an address for documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ['an address for benchmarks', '198.18.0.0/15'],
  ['a relay into IPv6', '192.88.99.0/24'],
  ['a reserved address', '192.0.0.0/24', '240.0.0.0/4'],
];

/** The same of IPv6. An address that carries an IPv4 one is refused whatever it carries: who writes it so has something to hide. */
const IPV6: readonly Row[] = [
  ['the unspecified address', '::/128'],
  ['a loopback address', '::1/128'],
  ['a metadata address', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  ['an IPv4 address in disguise', '::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16'],
  ['a private address', 'fc00::/7', 'fec0::/10'],
  ['a link-local address', 'fe80::/10'],
  ['a multicast address', 'ff00::/8'],
  ['an address for documentation', '2001:db8::/32', '3fff::/20'],
  ['a reserved address', '2001::/23'],
];

/** The only part of IPv6 that is handed out for the public internet; the rest is refused unseen. */
const GLOBAL_UNICAST = networks(['2000::/3']);

const SPECIAL = {
  ipv4: IPV4.map(([what, ...cidrs]) => ({ what, list: networks(cidrs) })),
  ipv6: IPV6.map(([what, ...cidrs]) => ({ what, list: networks(cidrs) })),
};

/**
 * Why an IP address is not one of the public internet, as the end of a sentence ("a loopback address"); undefined when it is one.
 * Takes the canonical spelling that `URL` and the resolver give, a zone id behind `%` included; anything else is "no IP address".
 */
export function whyNotPublic(address: string): string | undefined {
  const [bare = ''] = address.split('%');
  const family = familyOf(bare);
  if (family === undefined) return 'no IP address';
  const special = SPECIAL[family].find(({ list }) => list.check(bare, family));
  if (special !== undefined) return special.what;
  return family === 'ipv6' && !GLOBAL_UNICAST.check(bare, family) ? 'a reserved address' : undefined;
}

/** Which of the two an address is; undefined when it is none. */
export function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    list.addSubnet(network, Number(prefix), familyOf(network));
  }
  return list;
}

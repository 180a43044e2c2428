import { isIP, isIPv4 } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import type { TrustedProxies } from '../../../application/policies/rules';
import { Networks } from './networks';

interface Trusted {
  readonly networks: Networks;
  readonly header: TrustedProxies['header'];
}

/** Says from where a request really comes: whoever connected, unless that is a proxy that is trusted to say whom it speaks for. */
export class ClientAddresses {
  private readonly trusted: readonly Trusted[];

  constructor(proxies: readonly TrustedProxies[]) {
    this.trusted = proxies.map(({ addresses, header }) => ({ networks: new Networks(addresses), header }));
  }

  /** undefined: it cannot be said. A header of somebody who is not trusted is not read. */
  of(connected: string | undefined, headers: IncomingHttpHeaders): string | undefined {
    let address = plain(connected);
    let proxy = this.proxyAt(address);
    if (proxy === undefined) return address;
    // The last entry is by the proxy that connected; each further one to the left only as true as the proxy that wrote it.
    for (const said of saidBy(proxy, headers).toReversed()) {
      address = plain(said);
      proxy = this.proxyAt(address);
      if (proxy === undefined) return address;
    }
    return address;
  }

  /** Whether whoever connected is a proxy that is trusted. */
  isTrusted(connected: string | undefined): boolean {
    return this.proxyAt(plain(connected)) !== undefined;
  }

  private proxyAt(address: string | undefined): Trusted | undefined {
    return address === undefined ? undefined : this.trusted.find(({ networks }) => networks.has(address));
  }
}

/** What callers at an address are counted as: one network of the new kind is one caller, who has all its 2^64 addresses. */
export function counted(address: string | undefined): string | undefined {
  if (address === undefined || isIPv4(address)) return address;
  return `${partsOf(address).slice(0, 4).join(':')}::/64`;
}

function saidBy({ header }: Trusted, headers: IncomingHttpHeaders): readonly string[] {
  const said = headers[header];
  const text = Array.isArray(said) ? said.join(',') : (said ?? '');
  const entries = text === '' ? [] : text.split(',');
  if (header === 'forwarded') return entries.map((entry) => /(?:^|;)\s*for\s*=\s*"?([^";]*)"?/i.exec(entry)?.[1] ?? '');
  return header === 'x-real-ip' ? entries.slice(-1) : entries;
}

/** An address without port, brackets, zone and the dress of the new kind around the old; undefined when it is none. */
function plain(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = /^\s*(?:\[([^\]]*)\](?::\d+)?|([\d.]+)(?::\d+)?|(.*?))\s*$/s.exec(text);
  const address = (bare?.[1] ?? bare?.[2] ?? bare?.[3] ?? '').replace(/%.*$/, '').toLowerCase();
  const old = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const found = old ?? address;
  return isIP(found) === 0 ? undefined : found;
}

/** The eight parts of an address of the new kind, without leading zeros. */
function partsOf(address: string): readonly string[] {
  const [before = '', after] = withoutDots(address).split('::');
  const [left, right] = [before, after ?? ''].map((side) => side.split(':').filter((part) => part !== ''));
  const missing = after === undefined ? 0 : 8 - (left?.length ?? 0) - (right?.length ?? 0);
  return [...(left ?? []), ...new Array<string>(missing).fill('0'), ...(right ?? [])].map((part) => part.replace(/^0+(?=.)/, ''));
}

/** The last four bytes may be written as an address of the old kind. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

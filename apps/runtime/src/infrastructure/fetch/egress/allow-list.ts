import { BlockList } from 'node:net';
import { DomainError } from '@millrace/kernel';
import { familyOf } from './address';

/** What the operator lets automations reach besides the public internet (`MILLRACE_FETCH_ALLOW`). */
export class AllowList {
  private readonly names = new Set<string>();
  private readonly suffixes: string[] = [];
  private readonly networks = new BlockList();

  /**
   * Each entry is a host name (`crm.lan`), all names below one (`*.crm.lan`), an address (`10.0.0.7`, `::1`) or a network
   * (`10.0.0.0/8`). Throws `runtime.fetch_allow_invalid` at the first that is none of these.
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.add(entry.trim());
  }

  /** Whether a name may lead anywhere. `host` as `hostOf` gives it. */
  allowsName(host: string): boolean {
    return this.names.has(host) || this.suffixes.some((suffix) => host.endsWith(suffix));
  }

  /** Whether an address is listed, by itself or in a network. */
  allowsAddress(address: string): boolean {
    const [bare = ''] = address.split('%');
    const family = familyOf(bare);
    return family !== undefined && this.networks.check(bare, family);
  }

  private add(entry: string): void {
    const [network = '', prefix, more] = entry.replace(/^\[(.*)\]$/, '$1').split('/');
    const family = familyOf(network);
    if (family !== undefined && more === undefined) this.addNetwork(entry, network, prefix);
    else if (prefix !== undefined) throw invalid(entry);
    else if (entry.startsWith('*.')) this.suffixes.push(`.${nameIn(entry, entry.slice(2))}`);
    else this.names.add(nameIn(entry, entry));
  }

  private addNetwork(entry: string, network: string, prefix: string | undefined): void {
    const family = familyOf(network);
    if (prefix === undefined) return this.networks.addAddress(network, family);
    const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
    if (length > (family === 'ipv4' ? 32 : 128)) throw invalid(entry);
    this.networks.addSubnet(network, length, family);
  }
}

/** The host of a URL or of a connection, in one spelling: lower case, without the brackets of IPv6 and the dots at the end. */
export function hostOf(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.+$/, '');
}

function nameIn(entry: string, name: string): string {
  const url = `http://${name}/`;
  if (!/^[^\s/?#@:*\\[\]%]+$/.test(name) || !URL.canParse(url)) throw invalid(entry);
  return hostOf(new URL(url).hostname);
}

function invalid(entry: string): DomainError {
  return new DomainError(
    'runtime.fetch_allow_invalid',
    'invalid',
    `MILLRACE_FETCH_ALLOW has the entry "${entry}", which is neither a host, "*." and a host, an address nor a network. Write it like crm.lan, *.crm.lan, 10.0.0.7 or 10.0.0.0/8.`,
    { facts: { entry } },
  );
}

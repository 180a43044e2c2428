import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses and networks, asked whether one is among them. */
export class Networks {
  private readonly list = new BlockList();
  private readonly isEmpty: boolean;

  /** `10.0.0.0/8`, `192.0.2.1`, `2001:db8::/32`. Throws on what is none of these. */
  constructor(networks: readonly string[]) {
    for (const network of networks) this.add(network);
    this.isEmpty = networks.length === 0;
  }

  has(address: string): boolean {
    return !this.isEmpty && this.list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }

  private add(network: string): void {
    const { address, prefix } = networkOf(network);
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    this.list.addSubnet(address, prefix, family);
    // An address of the old kind may arrive in the dress of the new.
    if (family === 'ipv4') this.list.addSubnet(`::ffff:${address}`, 96 + prefix, 'ipv6');
  }
}

function networkOf(text: string): { readonly address: string; readonly prefix: number } {
  const [address = '', length] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  if (family === 0 || !/^\d{1,3}$/.test(length ?? '0') || prefix > most) throw new Error(`"${text}" is no address and no network.`);
  return { address, prefix };
}

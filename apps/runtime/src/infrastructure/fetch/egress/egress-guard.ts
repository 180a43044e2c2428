import type { LookupAddress } from 'node:dns';
import { familyOf, whyNotPublic } from './address';
import { AllowList, hostOf } from './allow-list';
import type { NameResolver } from './name-resolver';

/** Why a place may not be reached, as the middle of a sentence. Names no address but one that stands in the URL itself. */
export class EgressRefused extends Error {}

export interface EgressRules {
  /** See AllowList. */
  readonly allow: readonly string[];
  /** An origin that may always be reached, wherever it is: the gateway's own. */
  readonly ownOrigins?: readonly string[];
  readonly resolver: NameResolver;
}

/** What a connection is made to. */
export interface Endpoint {
  /** `http:` or `https:`. */
  readonly protocol: string;
  readonly hostname: string;
  /** Empty: the protocol's own. */
  readonly port: string;
}

/** Names under which clouds answer with the credentials of the machine, whatever address they stand for. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.azure.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

/** Says where requests written by others may go: the public internet, and what the operator lists. */
export class EgressGuard {
  private readonly allow: AllowList;
  private readonly ownOrigins: ReadonlySet<string>;
  private readonly resolver: NameResolver;

  constructor({ allow, ownOrigins = [], resolver }: EgressRules) {
    this.allow = new AllowList(allow);
    this.ownOrigins = new Set(ownOrigins.map((one) => new URL(one).origin));
    this.resolver = resolver;
  }

  /** Refuses a URL for what is seen in it. Whether a name leads to a place that is allowed, `addressesOf` says. Throws EgressRefused. */
  check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new EgressRefused(`"${url.protocol.slice(0, 20)}" is not a protocol fetch speaks, only http and https`);
    }
    if (url.username !== '' || url.password !== '') throw new EgressRefused('the URL holds a user or a password, which belong in `auth`');
    this.checkHost(url);
  }

  /** Refuses a host that is an address, or a name that is known to be no good. Throws EgressRefused. */
  checkHost(endpoint: Endpoint): void {
    const host = hostOf(endpoint.hostname);
    if (this.isOwn(endpoint) || this.allow.allowsName(host)) return;
    if (host === '') throw new EgressRefused('the URL names no host');
    if (METADATA_NAMES.has(host)) throw new EgressRefused(`${host} is a metadata host`);
    if (familyOf(host) === undefined || this.allow.allowsAddress(host)) return;
    const why = whyNotPublic(host);
    if (why !== undefined) throw new EgressRefused(`${host} is ${why}`);
  }

  /** Whether an endpoint is one of the gateway's own origins. */
  isOwn({ protocol, hostname, port }: Endpoint): boolean {
    const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
    return this.ownOrigins.has(new URL(`${protocol}//${host}${port === '' ? '' : `:${port}`}`).origin);
  }

  /**
   * The addresses of a name, asked for once; only these may be connected to. Throws EgressRefused when a single one of them may not be
   * reached, and what the resolver throws.
   */
  async addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const addresses = await this.resolver.resolve(name);
    const trusted = this.allow.allowsName(hostOf(name));
    const refused = addresses.some(({ address }) => !trusted && !this.allow.allowsAddress(address) && whyNotPublic(address) !== undefined);
    if (refused) throw new EgressRefused(`${hostOf(name)} leads to an address that is not public`);
    return addresses;
  }

  /** The same for the gateway's own name, which may lead anywhere. */
  ownAddressesOf(name: string): Promise<readonly LookupAddress[]> {
    return this.resolver.resolve(name);
  }
}

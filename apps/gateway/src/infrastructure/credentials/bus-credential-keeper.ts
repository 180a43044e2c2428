import { BlockList, isIPv4 } from 'node:net';
import type { Credential } from '@millrace/auth';
import { CredentialsService, type ResolveCredentialResponse } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import { CredentialKeeper, type Kept } from '../../application/ports/credential-keeper';

const PATIENCE = 5_000;

/** Asks the workspaces service, which gets an id and a digest and never the text. */
export class BusCredentialKeeper extends CredentialKeeper {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  override async resolve({ id, digest }: Credential): Promise<Kept> {
    const context = {
      principal: servicePrincipal('gateway'),
      correlationId: this.ids.mint('req'),
      deadline: this.clock.now() + PATIENCE,
    };
    const resolved = await this.bus.call(CredentialsService.method.resolveCredential, { id, digest }, context);
    const networks = networksOf(resolved.addresses);
    return {
      principal: Object.freeze(principalOf(id, resolved)),
      // No proof that anybody signed in just now.
      issuedAt: 0,
      expiresAt: Number(resolved.expiresAt),
      allows: (address) => networks === undefined || (address !== undefined && networks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')),
    };
  }
}

/** A token has no roles of the platform: nobody takes those away from it when its person loses them. */
function principalOf(id: string, { userId, workspaceId, name, scopes, workspaces }: ResolveCredentialResponse): Principal {
  if (userId === '') return { kind: 'key', id, name, roles: [], workspace: workspaceId };
  return { kind: 'user', id: userId, roles: ['person'], session: id, scopes, ...(workspaces.length === 0 ? {} : { workspaces }) };
}

function networksOf(addresses: readonly string[]): BlockList | undefined {
  if (addresses.length === 0) return undefined;
  const list = new BlockList();
  for (const each of addresses) {
    const [network = '', prefix = ''] = each.split('/');
    list.addSubnet(network, Number(prefix), isIPv4(network) ? 'ipv4' : 'ipv6');
  }
  return list;
}

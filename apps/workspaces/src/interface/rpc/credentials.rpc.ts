import { CredentialsService } from '@millrace/contracts';
import type { ResolveCredentialRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ResolveCredential } from '../../application/credentials/resolve-credential';

const { method } = CredentialsService;

@Controller()
export class CredentialsRpc {
  constructor(@Inject(ResolveCredential) private readonly resolveCredential: ResolveCredential) {}

  @Rpc(method.resolveCredential)
  async resolve({ id, digest }: ResolveCredentialRequest, context: CallContext) {
    const resolved = await this.resolveCredential.run(context, id, digest);
    const expiresAt = BigInt(resolved.expiresAt);
    if (resolved.kind === 'key') {
      const { workspaceId, name, addresses } = resolved.key;
      return { workspaceId, name, addresses: [...addresses], expiresAt };
    }
    const { user, name, scopes, workspaces } = resolved.token;
    return { userId: user, name, scopes: [...scopes], workspaces: [...workspaces], expiresAt };
  }
}

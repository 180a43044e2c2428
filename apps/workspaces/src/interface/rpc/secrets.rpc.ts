import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  SecretsService,
  type DeleteSecretRequest,
  type ListSecretsRequest,
  type ListSecretUsagesRequest,
  type ResolveSecretsRequest,
  type SecretSchema,
  type SetSecretRequest,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ReadSecrets, type SecretView } from '../../application/secrets/read-secrets';
import { SetSecret } from '../../application/secrets/set-secret';

const { method } = SecretsService;
const SECRETS = new Listing(method.listSecrets);

@Controller()
export class SecretsRpc {
  constructor(
    @Inject(ReadSecrets) private readonly read: ReadSecrets,
    @Inject(SetSecret) private readonly setSecret: SetSecret,
  ) {}

  @Rpc(method.listSecrets)
  list(request: ListSecretsRequest, context: CallContext) {
    return SECRETS.answer(request, (page) => this.read.list(context, request.workspaceId, page), secretMessage);
  }

  @Rpc(method.setSecret)
  async set({ workspaceId, name, value, description, ifMatch, ifNoneMatch }: SetSecretRequest, context: CallContext) {
    const secret = await this.setSecret.run(context, workspaceId, { name, value, description }, { ifMatch, ifNoneMatch });
    return { secret: secretMessage(secret) };
  }

  @Rpc(method.deleteSecret)
  async delete({ workspaceId, name, ifMatch }: DeleteSecretRequest, context: CallContext) {
    await this.setSecret.delete(context, workspaceId, name, { ifMatch });
    return {};
  }

  @Rpc(method.listSecretUsages)
  async usages({ workspaceId, name }: ListSecretUsagesRequest, context: CallContext) {
    return { items: [...(await this.read.usages(context, workspaceId, name))] };
  }

  @Rpc(method.resolveSecrets)
  async resolve({ workspaceId, names }: ResolveSecretsRequest, context: CallContext) {
    return { values: await this.read.resolve(context, workspaceId, names) };
  }
}

function secretMessage({ name, description, version, setBy, setAt, usedAt }: SecretView): MessageInitShape<typeof SecretSchema> {
  return {
    ...{ name, description, version, setBy },
    setAt: timestampFromMs(setAt),
    ...(usedAt === undefined ? {} : { lastUsedAt: timestampFromMs(usedAt) }),
    etag: String(version),
  };
}

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { TokensService } from '@millrace/contracts';
import type { CreateTokenRequest, ListTokensRequest, RevokeTokenRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Tokens } from '../../application/credentials/tokens';
import { tokenMessage } from './credential-messages';
import { limitOf } from './limit';

const { method } = TokensService;

@Controller()
export class TokensRpc {
  constructor(@Inject(Tokens) private readonly tokens: Tokens) {}

  @Rpc(method.listTokens)
  async list({ limit, cursor }: ListTokensRequest, context: CallContext) {
    const { items, nextCursor } = await this.tokens.list(context, limitOf(limit), cursor);
    return { items: items.map(({ document }) => tokenMessage(document)), nextCursor: nextCursor ?? '' };
  }

  @Rpc(method.createToken)
  async create({ name, scopes, workspaces, expiresAt }: CreateTokenRequest, context: CallContext) {
    const end = expiresAt === undefined ? {} : { expiresAt: timestampMs(expiresAt) };
    const { token, secret } = await this.tokens.create(context, { name, scopes, workspaces, ...end });
    return { token: tokenMessage(token), secret };
  }

  @Rpc(method.revokeToken)
  async revoke({ tokenId }: RevokeTokenRequest, context: CallContext) {
    await this.tokens.revoke(context, tokenId);
    return {};
  }
}

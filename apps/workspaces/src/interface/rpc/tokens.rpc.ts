import { timestampMs } from '@bufbuild/protobuf/wkt';
import { TokensService } from '@millrace/contracts';
import type { CreateTokenRequest, ListTokensRequest, RevokeTokenRequest } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Tokens } from '../../application/credentials/tokens';
import { tokenMessage } from './credential-messages';

const { method } = TokensService;
const TOKENS = new Listing(method.listTokens);

@Controller()
export class TokensRpc {
  constructor(@Inject(Tokens) private readonly tokens: Tokens) {}

  @Rpc(method.listTokens)
  list(request: ListTokensRequest, context: CallContext) {
    return TOKENS.answer(
      request,
      (page) => this.tokens.list(context, page),
      ({ document }) => tokenMessage(document),
    );
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

import type { Collection } from '@millrace/documents';
import type { CallContext } from '@millrace/messaging';
import type { ApiKey } from '../../domain/credentials/key';
import type { ChangeKeys } from './change-keys';
import type { Tokens } from './tokens';

const PAGE = 200;

/** What follows for credentials from what happened to others: every step may be repeated. */
export class TidyCredentials {
  constructor(
    private readonly keys: Collection<ApiKey>,
    private readonly changeKeys: ChangeKeys,
    private readonly tokens: Tokens,
  ) {}

  /** A key is gone: so are those that were made with it. */
  async keyRevoked(context: CallContext, key: string): Promise<void> {
    for (const id of await this.idsOf({ maker: `key ${key}` })) await this.changeKeys.remove(context, id);
  }

  /** A workspace is gone: so are its keys. */
  async workspaceDeleted(context: CallContext, workspace: string): Promise<void> {
    for (const id of await this.idsOf({ workspace })) await this.changeKeys.remove(context, id);
  }

  /** Somebody has other rights in a workspace: so have the keys they made there, and whoever holds on to those is to ask again. */
  async makerChanged(context: CallContext, workspace: string, user: string): Promise<void> {
    for (const id of await this.idsOf({ workspace, maker: `user ${user}` })) await this.changeKeys.announce(context, id);
  }

  /** A person is gone: so are their tokens and the keys they made. */
  async userDeleted(context: CallContext, user: string): Promise<void> {
    await this.tokens.forget(context, user);
    for (;;) {
      const ids = await this.idsOf({ maker: `user ${user}` });
      for (const id of ids) await this.changeKeys.remove(context, id);
      if (ids.length < PAGE) return;
    }
  }

  private async idsOf(where: Readonly<Record<string, string>>): Promise<readonly string[]> {
    return (await this.keys.page({ where, limit: PAGE })).items.map(({ document }) => document.id);
  }
}

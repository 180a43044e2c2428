import type { Collection, Stored } from '@millrace/documents';
import type { AskedPage, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { ApiKey } from '../../domain/credentials/key';
import type { Access } from '../access';

/** Shows the keys of a workspace, to whoever may manage them. */
export class ReadKeys {
  constructor(
    private readonly access: Access,
    private readonly keys: Collection<ApiKey>,
  ) {}

  /** Newest first. */
  async list(context: CallContext, name: string, { limit, cursor }: AskedPage): Promise<Page<Stored<ApiKey>>> {
    const { workspace } = await this.access.require(context, name, 'manage', 'keys');
    return this.keys.page({ where: { workspace: workspace.id }, direction: 'descending', limit, ...(cursor === '' ? {} : { cursor }) });
  }
}

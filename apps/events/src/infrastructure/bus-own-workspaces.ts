import { WorkspacesService } from '@millrace/contracts';
import type { Bus, CallContext } from '@millrace/messaging';
import { OwnWorkspaces } from '../application/ports/own-workspaces';

const MOST = 200;

/** Asks the service of workspaces, page by page. */
export class BusOwnWorkspaces extends OwnWorkspaces {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async of(context: CallContext): Promise<readonly string[]> {
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = await this.bus.call(WorkspacesService.method.listWorkspaces, { limit: MOST, cursor }, context);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== '');
    return ids;
  }
}

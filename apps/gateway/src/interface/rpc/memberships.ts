import { WorkspacesService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';

/** Where a caller has a part, as far as it can be told. */
interface Told {
  readonly memberships: { workspaceId: string; slug: string; name: string; role: string }[];
  readonly incomplete: boolean;
}

const MOST = 200;
const UNKNOWN: Told = { memberships: [], incomplete: true };
const NONE: Told = { memberships: [], incomplete: false };

/** The workspaces that a caller belongs to. */
export class Memberships {
  constructor(private readonly bus: Bus) {}

  /** Who somebody is can be told, whether the service of workspaces answers or not. */
  async of(context: CallContext): Promise<Told> {
    if (context.principal.kind !== 'user') return NONE;
    try {
      const { items, nextCursor } = await this.bus.call(WorkspacesService.method.listWorkspaces, { limit: MOST }, context);
      const memberships = items.map(({ id, slug, name, role }) => ({ workspaceId: id, slug, name, role }));
      return { memberships, incomplete: nextCursor !== '' };
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'unavailable') return UNKNOWN;
      throw error;
    }
  }
}

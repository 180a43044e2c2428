import type { Collection, Stored } from '@millrace/documents';
import { PLATFORM_LIMITS, type Limits, type SetQuotas } from '../../domain/quotas/quotas';

/** The most that there may be in each workspace. */
export class QuotaBook {
  constructor(readonly quotas: Collection<SetQuotas>) {}

  async of(workspaceId: string): Promise<Limits> {
    return { ...PLATFORM_LIMITS, ...(await this.find(workspaceId))?.document.limits };
  }

  /** What was set for the workspace alone. */
  find(workspaceId: string): Promise<Stored<SetQuotas> | undefined> {
    return this.quotas.find(workspaceId);
  }
}

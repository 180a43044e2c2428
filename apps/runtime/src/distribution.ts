import type { WorkspaceRights } from '@millrace/auth';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import { Presence } from './application/distribution/presence';
import { ShowRollout } from './application/distribution/show-rollout';
import type { Engine } from './engine';
import { KeyValueRuntimes } from './infrastructure/key-value-runtimes';

/** What tells which version of a workspace runs where: this instance its part, and everybody who asks the whole. */
export async function distributionOf(
  { platform, clock, ids, log }: ServiceParts,
  { active: records, alarms }: Engine,
  rights: WorkspaceRights,
): Promise<{ readonly presence: Presence; readonly provider: Provider }> {
  const runtimes = await KeyValueRuntimes.open(platform.keyValue);
  return {
    presence: new Presence({ instance: ids.mint('rt'), records, runtimes, clock, alarms, log }),
    provider: { provide: ShowRollout, useValue: new ShowRollout({ rights, records, runtimes }) },
  };
}

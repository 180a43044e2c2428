import { plan, type Plan } from '@millrace/language';
import type { Workings } from '../../application/engine';
import type { Model } from '../../application/models';
import type { Scenario } from '../scenario/scenario';

const DIGEST = 'd';

/** The automations of a scenario, compiled. */
export function planOf({ automations }: Scenario): Plan {
  return plan({
    automations: automations.map(({ slug, document }) => ({ file: `automations/${slug}.json`, text: JSON.stringify(document) })),
  });
}

/** The same classes; what runs is this plan, in every workspace and version, and nobody compiles it again. */
export function runningThis(compiled: Plan, made: Workings): Workings {
  class Planned extends made.Models {
    override find(workspaceId: string): Promise<Model> {
      return Promise.resolve({ workspaceId, digest: DIGEST, plan: compiled });
    }

    override version(): Promise<Plan> {
      return Promise.resolve(compiled);
    }
  }
  return { ...made, Models: Planned };
}

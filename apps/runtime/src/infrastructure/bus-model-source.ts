import { WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import { slugOf, type AutomationSource, type WorkspaceSources } from '@millrace/language';
import type { Bus, CallContext } from '@millrace/messaging';
import { ModelSource } from '../application/ports/models';

const PATIENCE = 10_000;

/** Files from the service of workspaces. */
export class BusModelSource extends ModelSource {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  override version(workspaceId: string, digest: string): Promise<WorkspaceSources> {
    const context: CallContext = {
      principal: servicePrincipal('runtime'),
      correlationId: this.ids.mint('cor'),
      deadline: this.clock.now() + PATIENCE,
    };
    return gather(this.bus.stream(WorkspacesService.method.fetchModel, { workspaceId, digest }, context));
  }

  override draft(workspace: string, context: CallContext): Promise<WorkspaceSources> {
    return gather(this.bus.stream(WorkspacesService.method.fetchDraft, { workspaceId: workspace }, context));
  }
}

async function gather(files: AsyncIterable<{ readonly path: string; readonly text: string }>): Promise<WorkspaceSources> {
  const automations: AutomationSource[] = [];
  for await (const { path, text } of files) automations.push({ file: path, text, slug: slugOf(path) });
  return { automations };
}

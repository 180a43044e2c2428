import type { WorkspaceRights } from '@millrace/auth';
import type { Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { RunView } from '../../../domain/inspecting/run-view';
import type { StepRecord } from '../../../domain/records/step-record';
import { pageOf, type PageRequest } from '../cursors';
import type { FindRun, FoundRun } from './find-run';
import { demandReadable, viewOfFound } from './permitted-runs';

export interface ShowRunParts {
  readonly find: FindRun;
  readonly rights: WorkspaceRights;
}

/** One page of the steps of a run. */
export interface StepsPage extends Page<StepRecord> {
  /** How many of the oldest were not kept. */
  readonly omitted: number;
}

/** Shows one run, and what it did. Refuses with `runtime.run_not_found`. */
export class ShowRun {
  constructor(private readonly parts: ShowRunParts) {}

  async run(context: CallContext, workspace: string, id: string): Promise<RunView> {
    return viewOfFound(await this.find(context, workspace, id));
  }

  /** In the order they began. */
  async steps(context: CallContext, workspace: string, id: string, { limit, cursor }: PageRequest): Promise<StepsPage> {
    const found = await this.find(context, workspace, id);
    const steps = 'live' in found ? found.live.steps : (found.ended.record.steps ?? []);
    const omitted = 'live' in found ? 0 : (found.ended.record.omittedSteps ?? 0);
    const numbered = steps.map((step, index) => ({ step, key: String(index + omitted).padStart(9, '0') }));
    const { items, ...page } = pageOf(numbered, {
      ...{ limit, cursor, order: 'ascending' },
      keyOf: ({ key }) => key,
    });
    return { ...page, omitted, items: items.map(({ step }) => step) };
  }

  private async find(context: CallContext, workspace: string, id: string): Promise<FoundRun> {
    const { rights, find } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'read', 'runs');
    const found = await find.run(workspaceId, id);
    demandReadable(permission, viewOfFound(found));
    return found;
  }
}

import type { WorkspaceRights } from '@millrace/auth';
import type { Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { compareRuns, type ComparedStep, type Comparison } from '../../../domain/comparing/compare-runs';
import type { RunView } from '../../../domain/inspecting/run-view';
import { pageOf, type PageRequest } from '../cursors';
import type { FindRun } from './find-run';
import { demandReadable } from './permitted-runs';

export { placeOf } from '../../../domain/comparing/compare-runs';

export interface CompareRunsParts {
  readonly find: FindRun;
  readonly rights: WorkspaceRights;
}

/** Two runs, and one page of what they did, side by side. */
export interface ComparisonPage extends Page<ComparedStep>, Omit<Comparison, 'steps'> {
  readonly run: RunView;
  readonly other: RunView;
}

/** Compares two runs that have ended. Refuses with `runtime.run_not_found`, `runtime.run_goes_on`. */
export class CompareRuns {
  constructor(private readonly parts: CompareRunsParts) {}

  async run(context: CallContext, workspace: string, ids: readonly [string, string], page: PageRequest): Promise<ComparisonPage> {
    const { rights, find } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'read', 'runs');
    const run = await find.ended(workspaceId, ids[0]);
    const other = await find.ended(workspaceId, ids[1]);
    for (const { view } of [run, other]) demandReadable(permission, view);
    const { steps, ...comparison } = compareRuns(run.record, other.record);
    const numbered = steps.map((step, index) => ({ step, key: String(index).padStart(6, '0') }));
    const keyOf = ({ key }: { readonly key: string }): string => key;
    const { items, ...more } = pageOf(numbered, { ...page, order: 'ascending', keyOf });
    return { ...comparison, ...more, items: items.map(({ step }) => step), run: run.view, other: other.view };
  }
}

import type { WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import { flowTestOf, type FlowTestFile } from '../../../domain/capturing/flow-test';
import { withoutMarked } from '../../../domain/records/without-paths';
import type { Models } from '../../models';
import type { StartAgain } from '../replays/start-again';
import type { FindRun } from './find-run';
import { demandReadable } from './permitted-runs';

export interface CaptureRunParts {
  readonly find: FindRun;
  readonly startAgain: StartAgain;
  readonly models: Pick<Models, 'version'>;
  readonly rights: WorkspaceRights;
}

/** Makes flow tests of runs that have ended. */
export class CaptureRun {
  constructor(private readonly parts: CaptureRunParts) {}

  /**
   * For whoever may also read events, when an event started it. Refuses with `runtime.run_not_found`, `runtime.run_goes_on`,
   * `runtime.start_unknown`, and as `flowTestOf` does.
   */
  async run(context: CallContext, workspace: string, id: string): Promise<FlowTestFile> {
    const { rights, find, models, startAgain } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'read', 'runs');
    const ended = await find.ended(workspaceId, id);
    demandReadable(permission, ended.view);
    if (ended.record.trigger.type === 'event') await rights.require(context, workspace, 'read', 'events');
    const plan = await models.version(workspaceId, ended.record.digest);
    const { slug, locals, session } = await startAgain.of(ended, plan);
    return flowTestOf(ended.record, {
      locals: withoutMarked(locals, plan, slug),
      ...(session === undefined ? {} : { session }),
    });
  }
}

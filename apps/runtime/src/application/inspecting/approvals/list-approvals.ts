import type { WorkspaceRights } from '@millrace/auth';
import { DomainError, type Clock, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isAsked, stateOf, type Approval, type ApprovalState } from '../../../domain/approval';
import type { Approvals } from '../../approvals/approvals';
import { pageOfEach, timeKey, type PageRequest } from '../cursors';

/** An approval as people see it. */
export interface ApprovalView {
  readonly approval: Approval;
  readonly state: ApprovalState;
}

export interface ApprovalsAsked extends PageRequest {
  readonly workspace: string;
  readonly state?: ApprovalState;
  readonly run?: string;
}

export interface ListApprovalsParts {
  readonly approvals: Approvals;
  readonly rights: WorkspaceRights;
  readonly clock: Clock;
}

/** Shows what runs have asked people. */
export class ListApprovals {
  constructor(private readonly parts: ListApprovalsParts) {}

  /** Newest first. Who may not approve runs sees only what they were asked, by name or by a role. */
  async run(context: CallContext, { workspace, state, run, limit, cursor }: ApprovalsAsked): Promise<Page<ApprovalView>> {
    const { rights } = this.parts;
    const { id, roles } = await rights.require(context, workspace, 'read', 'workspaces');
    const seesAll = await this.mayApprove(context, id);
    const fits = (approval: Approval): boolean =>
      (seesAll || isAsked(approval, context.principal, roles)) && (run === undefined || approval.run === run);
    const keyOf = ({ approval }: ApprovalView) => timeKey(approval.askedAt, approval.id);
    return pageOfEach(this.each(id, state, fits), { limit, cursor, order: 'descending', keyOf });
  }

  private async *each(
    workspaceId: string,
    state: ApprovalState | undefined,
    fits: (approval: Approval) => boolean,
  ): AsyncGenerator<ApprovalView> {
    for await (const approval of this.parts.approvals.each(workspaceId)) {
      const view = this.view(approval);
      if ((state === undefined || view.state === state) && fits(approval)) yield view;
    }
  }

  /** As one sees the approval who has just answered it. */
  view(approval: Approval): ApprovalView {
    return { approval, state: stateOf(approval, this.parts.clock.now()) };
  }

  private async mayApprove(context: CallContext, workspaceId: string): Promise<boolean> {
    try {
      await this.parts.rights.require(context, workspaceId, 'approve', 'runs');
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'forbidden') return false;
      throw error;
    }
  }
}

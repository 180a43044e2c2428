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
  run(context: CallContext, { limit, cursor, ...among }: ApprovalsAsked): Promise<Page<ApprovalView>> {
    const keyOf = ({ approval }: ApprovalView) => timeKey(approval.askedAt, approval.id);
    return pageOfEach(this.each(context, among), { limit, cursor, order: 'descending', keyOf });
  }

  /** As `run`, all of them in no order; one that is answered meanwhile may come twice. */
  async *each(context: CallContext, { workspace, state, run }: Omit<ApprovalsAsked, keyof PageRequest>): AsyncGenerator<ApprovalView> {
    const { approvals, rights } = this.parts;
    const { id, roles } = await rights.require(context, workspace, 'read', 'workspaces');
    const seesAll = await this.mayApprove(context, id);
    for await (const approval of approvals.each(id)) {
      if (!seesAll && !isAsked(approval, context.principal, roles)) continue;
      const view = this.view(approval);
      if ((state === undefined || view.state === state) && (run === undefined || approval.run === run)) yield view;
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

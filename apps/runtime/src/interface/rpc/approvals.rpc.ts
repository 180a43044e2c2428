import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ApprovalsService, type AnswerApprovalRequest, type ApprovalSchema, type ListApprovalsRequest } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { AnswerApproval } from '../../application/approvals/answer-approval';
import { ListApprovals, type ApprovalView } from '../../application/inspecting/approvals/list-approvals';
import { jsonBytes, jsonField, mapOf } from './json';

const { method } = ApprovalsService;
const APPROVALS = new Listing(method.listApprovals);

@Controller()
export class ApprovalsRpc {
  constructor(
    @Inject(ListApprovals) private readonly listApprovals: ListApprovals,
    @Inject(AnswerApproval) private readonly answerApproval: AnswerApproval,
  ) {}

  @Rpc(method.listApprovals)
  list(request: ListApprovalsRequest, context: CallContext) {
    const { workspaceId: workspace, state, runId } = request;
    const among = {
      workspace,
      ...(state === '' ? {} : { state: state as ApprovalView['state'] }),
      ...(runId === '' ? {} : { run: runId }),
    };
    const each = () => this.listApprovals.each(context, among);
    return APPROVALS.answer(request, (page) => this.listApprovals.run(context, { ...among, ...page }), approvalMessage, each);
  }

  @Rpc(method.answerApproval)
  async answer({ workspaceId, approvalId, decision, form }: AnswerApprovalRequest, context: CallContext) {
    const approval = await this.answerApproval.run(context, workspaceId, approvalId, { decision, form: mapOf(form, '/form') });
    return { approval: approvalMessage(this.listApprovals.view(approval)) };
  }
}

function approvalMessage({ approval, state }: ApprovalView): MessageInitShape<typeof ApprovalSchema> {
  const { id, run, automation, title, message = '', choices, form, to, except, askedAt, until, answer } = approval;
  return {
    ...{ id, runId: run, automation, title, message, state },
    choices: [...choices],
    users: [...to.users],
    roles: [...to.roles],
    exceptUsers: [...except],
    askedAt: timestampFromMs(askedAt),
    until: timestampFromMs(until),
    ...jsonField('form', form),
    ...(answer === undefined ? {} : { answer: answerMessage(answer) }),
  };
}

function answerMessage({ decision, by, at, form }: NonNullable<ApprovalView['approval']['answer']>) {
  return { decision, by, at: timestampFromMs(Date.parse(at)), form: jsonBytes(form) };
}

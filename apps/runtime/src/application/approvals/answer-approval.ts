import type { WorkspaceRights } from '@millrace/auth';
import { DomainError, type Clock, type JsonMap, type Principal } from '@millrace/kernel';
import { compileSchema } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { isAsked, stateOf, type Approval } from '../../domain/approval';
import { runKey } from '../../domain/run';
import { LEASE } from '../execution/keeping/release';
import type { Runs } from '../execution/runs';
import type { Timers } from '../timers/timers';
import { approvalNamed, timerOf, type Approvals, type StoredApproval } from './approvals';

export interface AnswerApprovalParts {
  readonly approvals: Approvals;
  readonly runs: Runs;
  readonly timers: Timers;
  readonly rights: WorkspaceRights;
  readonly clock: Clock;
}

/** What somebody decided. */
export interface ApprovalDecision {
  readonly decision: string;
  readonly form: JsonMap;
}

/** Milliseconds until somebody else looks after an answer that this process could not hand to its run. */
const PATIENCE = 30_000;

/** Takes the answers of people: one each, from who was asked; the run goes on with it whatever happens to this process. */
export class AnswerApproval {
  constructor(private readonly parts: AnswerApprovalParts) {}

  /** Answers what was decided. Refuses who was not asked, what cannot be decided, and every answer after the first. */
  async run(context: CallContext, workspace: string, id: string, { decision, form }: ApprovalDecision): Promise<Approval> {
    const { approvals, rights, timers, clock, runs } = this.parts;
    const { id: workspaceId, roles } = await rights.require(context, workspace, 'read', 'workspaces');
    const found = await approvals.find(workspaceId, id);
    if (found === undefined) throw approvalMissing(id);
    await this.mayDecide(context, found.approval, roles);
    assertAnswer(found.approval, { decision, form }, clock.now());
    const answer = { decision, by: context.principal.id, at: new Date(clock.now()).toISOString(), form };
    const answered = { ...found.approval, answer, answerer: answererOf(context.principal) };
    const due = await timers.setAhead(timerOf(answered), PATIENCE);
    if (!(await approvals.put(answered, found.revision))) throw answeredAlready(id);
    await this.handOver(answered, runs);
    await timers.clear(timerOf(answered), due);
    return answered;
  }

  /** Looks after an approval whose timer is due: hands over an answer that was left behind, or reminds. */
  async onTimer(timer: string): Promise<void> {
    const { workspaceId, id } = approvalNamed(timer);
    const found: StoredApproval | undefined = await this.parts.approvals.find(workspaceId, id);
    if (found === undefined || stateOf(found.approval, this.parts.clock.now()) === 'expired') return;
    if (found.approval.answer === undefined) await this.parts.approvals.remind(found);
    else await this.handOver(found.approval, this.parts.runs);
  }

  private async handOver(approval: Approval, runs: Runs): Promise<void> {
    const { workspaceId, run: id, effect, answer } = approval;
    await this.parts.approvals.tellAnswered(approval);
    await this.parts.timers.setAhead(runKey({ workspaceId, id }), LEASE);
    await runs.deliver({ workspaceId, id }, { effect, at: this.parts.clock.now(), value: { ...answer } });
  }

  private async mayDecide(context: CallContext, approval: Approval, roles: readonly string[]): Promise<void> {
    if (approval.except.includes(context.principal.id)) throw notAsked(approval.id);
    if (isAsked(approval, context.principal, roles)) return;
    await this.parts.rights.require(context, approval.workspaceId, 'approve', 'runs');
  }
}

function answererOf({ kind, id, onBehalfOf }: Principal): NonNullable<Approval['answerer']> {
  return { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
}

function assertAnswer(approval: Approval, { decision, form }: ApprovalDecision, now: number): void {
  const { id, choices, form: schema } = approval;
  const state = stateOf(approval, now);
  if (state === 'answered') throw answeredAlready(id);
  if (state === 'expired')
    throw new DomainError('runtime.approval_expired', 'conflict', 'The time to decide is over.', { facts: { approval: id } });
  if (!choices.includes(decision)) {
    const message = `"${decision}" cannot be decided here; the choices are ${choices.join(', ')}.`;
    throw new DomainError('runtime.decision_unknown', 'invalid', message, {
      errors: [{ pointer: '/decision', code: 'choice', detail: message }],
    });
  }
  const problems = schema === undefined ? [] : compileSchema(schema)(form, '/form');
  if (problems.length === 0) return;
  const errors = problems.map(({ pointer, detail }) => ({ pointer, code: 'schema', detail }));
  throw new DomainError('runtime.form_invalid', 'invalid', 'The answer does not fit the form.', { errors });
}

function approvalMissing(id: string): DomainError {
  return new DomainError('runtime.approval_not_found', 'not-found', `There is no approval "${id}" here.`, { facts: { approval: id } });
}

function answeredAlready(id: string): DomainError {
  const message = 'Somebody else has decided already. Read the approval to see what.';
  return new DomainError('runtime.approval_answered', 'conflict', message, { facts: { approval: id } });
}

function notAsked(id: string): DomainError {
  return new DomainError('runs.approve_denied', 'forbidden', 'You may not decide this yourself.', { facts: { approval: id } });
}

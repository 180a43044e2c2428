import { Permission } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Access, Deed, Entered } from '../access';
import type { ReadAutomations } from '../read-automations';

/** Whether something may be done in a workspace; `id` says to which object, where that can be told. */
export interface AccessQuestion extends Deed {
  readonly workspace: string;
  readonly id: string;
}

export interface AccessVerdict {
  readonly allowed: boolean;
  /** On some objects or fields only. */
  readonly conditional: boolean;
  readonly reason: string;
}

const UNKNOWN = 'There is no such workspace, or you have nothing in it.';

/** Says what the caller may do, without doing it. */
export class CheckAccess {
  constructor(
    private readonly access: Access,
    private readonly automations: ReadAutomations,
  ) {}

  async run(context: CallContext, questions: readonly AccessQuestion[]): Promise<readonly AccessVerdict[]> {
    const entering = new Map([...new Set(questions.map(({ workspace }) => workspace))].map((name) => [name, this.enter(context, name)]));
    return Promise.all(questions.map(async (question) => this.judge(question, await entering.get(question.workspace))));
  }

  private async enter(context: CallContext, name: string): Promise<Entered | undefined> {
    try {
      return await this.access.enter(context, name);
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'not-found') return undefined;
      throw error;
    }
  }

  private async judge(question: AccessQuestion, entered: Entered | undefined): Promise<AccessVerdict> {
    if (entered === undefined) return { allowed: false, conditional: false, reason: UNKNOWN };
    const permission = Permission.of(entered.standing, question.action, question.subject);
    if (permission.query === false) return refused(permission);
    if (permission.query !== true && question.subject === 'automations' && question.id !== '') {
      const object = await this.automations.object(entered.workspace.id, question.id);
      if (object === undefined || !permission.allows(object)) return refused(permission, object);
      return verdict(permission, false);
    }
    return verdict(permission, permission.query !== true);
  }
}

function verdict({ fields }: Permission, conditional: boolean): AccessVerdict {
  const partly = conditional || !fields.open;
  return { allowed: true, conditional: partly, reason: partly ? 'Rules with conditions allow it in part.' : 'A rule allows it.' };
}

function refused(permission: Permission, object?: object): AccessVerdict {
  const rule = permission.denyingRule(object);
  const denied = rule === undefined ? 'No rule allows it.' : (rule.reason ?? 'A rule denies it.');
  return { allowed: false, conditional: false, reason: permission.shut ?? denied };
}

import { Permission } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Access, Deed, Entered } from '../access';
import type { FileAccess } from '../files/file-access';
import type { ReadAutomations } from '../read-automations';
import { ruleOfShare } from '../sharing/share-rule';
import type { Place } from './standings';

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

/** What can be done with a file that is there. */
const OF_FILES: readonly string[] = ['read', 'update', 'delete'];

const UNKNOWN = 'There is no such workspace, or you have nothing in it.';

/** Says what the caller may do, without doing it. */
export class CheckAccess {
  constructor(
    private readonly access: Access,
    private readonly automations: Pick<ReadAutomations, 'object'>,
    private readonly fileAccess: Pick<FileAccess, 'shown'>,
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
    return question.id === '' ? verdict(permission, permission.query !== true) : this.judgeOne(question, entered, permission);
  }

  private async judgeOne({ action, subject, id }: AccessQuestion, entered: Entered, permission: Permission): Promise<AccessVerdict> {
    switch (subject) {
      case 'automations':
        if (permission.query === true) return verdict(permission, false);
        return judgeObject(permission, await this.automations.object(entered.workspace.id, id));
      case 'files':
        if (!OF_FILES.includes(action)) return verdict(permission, permission.query !== true);
        // Rules alone do not say it all: private files are for some only.
        return judgeObject(permission, (await this.fileAccess.shown({ ...entered, permission }, id))?.document);
      case 'runs':
        return judgeRun(Permission.of(standingOn(entered.standing, id), action, subject));
      default:
        return verdict(permission, permission.query !== true);
    }
  }
}

function judgeObject(permission: Permission, object: object | undefined): AccessVerdict {
  return object === undefined || !permission.allows(object) ? refused(permission, object) : verdict(permission, false);
}

function judgeRun(permission: Permission): AccessVerdict {
  return permission.query === false ? refused(permission) : verdict(permission, permission.query !== true);
}

/** What somebody has as far as one run goes: shares of others say nothing of it, and those of it hold. Other conditions stay: the run is not known here. */
function standingOn(standing: Place, run: string): Place {
  const whole = new Map(standing.shares.map((share) => [share.id, { share, rule: ruleOfShare(share) }]));
  const rules = standing.rules.flatMap((rule) => {
    const held = rule.share === undefined ? undefined : whole.get(rule.share);
    if (held === undefined) return [rule];
    if (held.share.object !== run) return [];
    // A key has it under the conditions of its own rules besides.
    if (rule.where !== held.rule.where) return [rule];
    const { where: _, ...always } = rule;
    return [always];
  });
  return { ...standing, rules };
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

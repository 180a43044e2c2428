import { DomainError } from '@millrace/kernel';
import type { Imported, ImportNote } from '@millrace/language';
import type { CallContext, NewEvent } from '@millrace/messaging';
import type { Entered } from '../access';
import { ROLES_PATH } from '../checking/reads-roles';
import type { RoleDocuments } from '../rights/ports/role-documents';
import type { PutRoles, SaidRoles } from '../rights/put-roles';
import type { Plan } from '../drafting/apply-draft';

/** What became of an archive. */
export interface Told {
  readonly report: readonly ImportNote[];
  readonly plan: Plan;
}

/** What is done with the roles that an archive names. */
type Deed = (said: SaidRoles) => Promise<unknown> | void;

/** Makes the roles of an archive hold, as if whoever imports it had put each: all of them, or none. */
export class ImportRoles {
  constructor(
    private readonly documents: RoleDocuments,
    private readonly roles: PutRoles,
  ) {}

  /** Puts them, or tells in the report why none of them holds; `dryRun`: only tells. */
  into(context: CallContext, workspace: string, imported: Imported, plan: Plan, dryRun: boolean): Promise<Told> {
    return this.told(imported, plan, (said) =>
      dryRun ? this.roles.judge(context, workspace, said) : this.roles.run(context, workspace, said),
    );
  }

  /** Tells what would become of them in a workspace that the caller makes. */
  anew(context: CallContext, imported: Imported, plan: Plan): Promise<Told> {
    return this.told(imported, plan, (said) => this.roles.judgeAnew(context, said));
  }

  /** Puts them into a workspace that nobody finds yet, or tells why none of them holds; `events`: what is to be told of them once somebody does. */
  async fill(
    context: CallContext,
    entered: Entered,
    imported: Imported,
    plan: Plan,
  ): Promise<{ readonly result: Told; readonly events: readonly NewEvent[] }> {
    const events: NewEvent[] = [];
    const result = await this.told(imported, plan, async (said) => events.push(...(await this.roles.fill(context, entered, said))));
    return { result, events };
  }

  private async told({ files, report }: Imported, plan: Plan, deed: Deed): Promise<Told> {
    const text = files[ROLES_PATH];
    if (text === undefined) return { report, plan };
    try {
      await deed(this.documents.read(text));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { report: report.map((note) => (isOfRoles(note) ? refused(note, error) : note)), plan };
    }
    const problems = plan.problems.filter(({ code, file }) => code !== 'file-unheeded' || file !== ROLES_PATH);
    return { report, plan: { ...plan, problems } };
  }
}

/** Of our own archives, and of those that were translated. */
function isOfRoles({ file, outcome }: ImportNote): boolean {
  return file === ROLES_PATH || (/^security\.ya?ml$/.test(file) && outcome === 'translated');
}

function refused(note: ImportNote, { message }: DomainError): ImportNote {
  return { ...note, outcome: 'refused', reason: `none of its roles holds, and it is kept as a file only: ${message}` };
}

/** What the caller may mend. */
function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError && error.refusal !== 'unavailable' && error.refusal !== 'unauthenticated';
}

import { BUILT_IN_ROLES, type Standing } from '@millrace/auth';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { demandDeed, type Entered } from '../access';
import { ensure } from '../ensure';
import { builtIn, checkRules, demandOwned, type ManageRolesParts, type SaidRole } from './manage-roles';
import { emptyBook, isBuiltIn, roleIn, rulesOf, writeRole, type Role, type RoleBook } from './role-book';

/** Roles by their names. */
export type SaidRoles = Readonly<Record<string, SaidRole>>;

interface Written {
  readonly document: RoleBook;
  readonly events: readonly NewEvent[];
}

/** Puts many roles at once: all of them hold, or none. */
export class PutRoles {
  constructor(private readonly parts: ManageRolesParts) {}

  /** Refuses what `ManageRoles.put` refuses of any of them. One that is as it was stays untouched. */
  async run(context: CallContext, workspace: string, said: SaidRoles): Promise<void> {
    const { access, books } = this.parts;
    const entered = await access.require(context, workspace, 'manage', 'roles');
    const { id } = entered.workspace;
    await ensure(books, id, () => emptyBook(id));
    await books.update(id, (book) => this.written(context, entered, book, said));
  }

  /** Makes these the roles of a workspace that nobody finds yet, unless it has some already; answers what is to be told of them once somebody does. */
  async fill(context: CallContext, entered: Entered, said: SaidRoles): Promise<readonly NewEvent[]> {
    const { id } = entered.workspace;
    demandDeed(entered, { action: 'manage', subject: 'roles' });
    const { document, events } = this.written(context, entered, emptyBook(id), said);
    await ensure(this.parts.books, id, () => document);
    return events;
  }

  /** Refuses what `run` would. */
  async judge(context: CallContext, workspace: string, said: SaidRoles): Promise<void> {
    const entered = await this.parts.access.require(context, workspace, 'manage', 'roles');
    this.written(context, entered, entered.standing.book, said);
  }

  /** Refuses what `run` would in a workspace that the caller makes. */
  judgeAnew(context: CallContext, said: SaidRoles): void {
    const book = emptyBook('');
    const rules = BUILT_IN_ROLES.owner;
    const standing = { principal: context.principal, workspaceId: '', now: this.parts.clock.now(), owner: true, rules };
    this.written(context, { standing }, book, said);
  }

  /** First each without what it inherits: they may inherit from one another. */
  private written(context: CallContext, { standing }: { readonly standing: Standing }, book: RoleBook, said: SaidRoles): Written {
    for (const [name, { rules }] of Object.entries(said)) {
      if (isBuiltIn(name)) throw builtIn(name);
      checkRules(rules, book.workspaceId, `/${name}/rules`);
    }
    const changed = Object.entries(said).filter(([name, role]) => !isSame(roleIn(book, name), role));
    const made = changed.map(([name, role]) => [name, this.made(context, book, name, role)] as const);
    const bare = made.reduce((next, [name, role]) => writeRole(next, name, { ...role, inherits: [] }), book);
    const document = made.reduce((next, [name, role]) => writeRole(next, name, role), bare);
    for (const name of Object.keys(said)) demandOwned(rulesOf(document, [name]), { standing }, rulesOf(book, [name]));
    return { document, events: changed.map(([role]) => this.tell(context, book.workspaceId, role)) };
  }

  private made({ principal }: CallContext, book: RoleBook, name: string, said: SaidRole): Role {
    return { ...said, revision: (roleIn(book, name)?.revision ?? 0) + 1, updatedBy: principal.id, updatedAt: this.parts.clock.now() };
  }

  private tell(context: CallContext, workspaceId: string, role: string): NewEvent {
    return this.parts.facts.of(context, { workspaceId, type: 'workspaces.roles.changed', payload: { role }, subject: `role/${role}` });
  }
}

function isSame(before: Role | undefined, said: SaidRole): boolean {
  const textOf = ({ title, rules, inherits, claims }: SaidRole): string => JSON.stringify([title, rules, inherits, claims]);
  return before !== undefined && textOf(before) === textOf(said);
}

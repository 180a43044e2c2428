import type { Collection } from '@millrace/documents';
import type { CallContext } from '@millrace/messaging';
import type { DocumentProblem } from '../../domain/problems';
import { isAsset } from '../../domain/tree/assets';
import type { Workspace } from '../../domain/workspace';
import type { Access, Entered } from '../access';
import type { CheckApps } from '../apps/check-apps';
import type { Drafts } from '../drafts';
import type { Checker, SourceFile } from '../ports/checker';
import type { CheckEventTypes } from '../event-types/check-event-types';
import type { FileStore } from '../ports/file-store';
import type { Standings } from '../rights/standings';
import type { CheckRules } from './check-rules';
import { readsRoles } from './reads-roles';

export interface CheckWorkspaceParts {
  readonly workspaces: Pick<Collection<Workspace>, 'find'>;
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly checker: Checker;
  readonly standings: Standings;
  readonly rules: CheckRules;
  readonly eventTypes: CheckEventTypes;
  readonly apps: CheckApps;
}

/** Checks a workspace as a whole: its automations together, and its roles against the tests written for them. */
export class CheckWorkspace {
  constructor(private readonly parts: CheckWorkspaceParts) {}

  /** What is wrong with the draft. */
  async draft(context: CallContext, name: string): Promise<readonly DocumentProblem[]> {
    const entered = await this.parts.access.require(context, name, 'read', 'automations');
    const { files } = await this.parts.drafts.read(entered.workspace.id);
    return this.files(
      context,
      entered,
      Object.entries(files).map(([path, { digest }]) => ({ path, digest })),
    );
  }

  /** What is wrong with these files; nothing is with assets. */
  async files(
    context: CallContext,
    entered: Entered,
    tree: readonly { readonly path: string; readonly digest: string }[],
  ): Promise<readonly DocumentProblem[]> {
    const texts = await Promise.all(
      tree
        .filter(({ path }) => !isAsset(path))
        .map(async ({ path, digest }) => ({ path, text: await this.parts.files.get(entered.workspace.id, digest) })),
    );
    return this.texts(context, entered.workspace.id, texts, readsRoles(entered));
  }

  /** What is wrong with these texts, stored or not. `isTold`: whether what roles say may be told. */
  async texts(
    context: CallContext,
    workspaceId: string,
    texts: readonly SourceFile[],
    isTold: boolean,
  ): Promise<readonly DocumentProblem[]> {
    const { checker, standings, rules, eventTypes, apps } = this.parts;
    const reached = await this.reached(workspaceId);
    const { known, problems } = await apps.run(context, workspaceId, texts, reached);
    const roles = rules.run(workspaceId, await standings.book(workspaceId), texts, isTold);
    return [
      ...checker.checkTree(texts, {
        ...(known === undefined ? {} : { apps: known }),
        ...(reached === undefined ? {} : { hosts: reached }),
      }),
      ...problems,
      ...roles,
      ...(await eventTypes.run(workspaceId, texts)),
    ];
  }

  /** The only hosts that the workspace reaches; undefined: any. */
  private async reached(workspaceId: string): Promise<readonly string[] | undefined> {
    const { egress = [] } = (await this.parts.workspaces.find(workspaceId))?.document ?? {};
    return egress.length === 0 ? undefined : egress;
  }
}

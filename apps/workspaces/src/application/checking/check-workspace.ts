import type { CallContext } from '@millrace/messaging';
import type { DocumentProblem } from '../../domain/problems';
import type { Access } from '../access';
import type { CheckApps } from '../apps/check-apps';
import type { Drafts } from '../drafts';
import type { Checker, SourceFile } from '../ports/checker';
import type { CheckEventTypes } from '../event-types/check-event-types';
import type { FileStore } from '../ports/file-store';
import type { Standings } from '../rights/standings';
import type { CheckRules } from './check-rules';

export interface CheckWorkspaceParts {
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
    const { workspace } = await this.parts.access.require(context, name, 'read', 'automations');
    const { files } = await this.parts.drafts.read(workspace.id);
    return this.files(
      workspace.id,
      Object.entries(files).map(([path, { digest }]) => ({ path, digest })),
    );
  }

  /** What is wrong with these files. */
  async files(
    workspaceId: string,
    tree: readonly { readonly path: string; readonly digest: string }[],
  ): Promise<readonly DocumentProblem[]> {
    const texts = await Promise.all(
      tree.map(async ({ path, digest }) => ({ path, text: await this.parts.files.get(workspaceId, digest) })),
    );
    return this.texts(workspaceId, texts);
  }

  /** What is wrong with these texts, stored or not. */
  async texts(workspaceId: string, texts: readonly SourceFile[]): Promise<readonly DocumentProblem[]> {
    const { checker, standings, rules, eventTypes, apps } = this.parts;
    const { known, problems } = await apps.run(workspaceId, texts);
    const roles = rules.run(workspaceId, await standings.book(workspaceId), texts);
    return [...checker.checkTree(texts, known), ...problems, ...roles, ...(await eventTypes.run(workspaceId, texts))];
  }
}

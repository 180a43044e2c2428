import type { CallContext } from '@millrace/messaging';
import { pathOfAutomation, automationSlug, type Draft } from '../../domain/draft';
import { automationMissing } from '../../domain/problems';
import type { Access } from '../access';
import type { Drafts } from '../drafts';
import type { Checker, SourceFile } from '../ports/checker';
import type { AutomationUsage, DocumentEdits } from '../ports/document-edits';
import type { FileStore } from '../ports/file-store';
import { ruleView } from '../read-automations';

export interface NameUsesParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly checker: Checker;
  readonly edits: DocumentEdits;
}

/** A file that may name automations, as it was read. */
export interface NamingFile extends SourceFile {
  readonly digest: string;
}

/** Finds where a draft names its automations. */
export class NameUses {
  constructor(private readonly parts: NameUsesParts) {}

  /** By file and line; of automations that the caller may not read, nothing is told. */
  async list(context: CallContext, name: string, slug: string): Promise<readonly AutomationUsage[]> {
    const { access, checker, drafts, edits } = this.parts;
    const { workspace, permission } = await access.permit(context, name, 'read', 'automations');
    const draft = await drafts.read(workspace.id);
    if (draft.files[pathOfAutomation(draft, slug)] === undefined) throw automationMissing(slug);
    const files = (await this.files(draft)).filter((file) => {
      const other = automationSlug(file.path);
      return other === undefined || permission.allows(ruleView({ slug: other, described: checker.describe(file) }));
    });
    return files.flatMap((file) => edits.usages(file, slug));
  }

  /** The files that may name automations, by path, with their texts. */
  async files({ workspaceId, files }: Draft): Promise<readonly NamingFile[]> {
    const naming = Object.entries(files).filter(([path]) => automationSlug(path) !== undefined || path.startsWith('tests/'));
    return Promise.all(
      naming.sort(byPath).map(async ([path, { digest }]) => ({ path, digest, text: await this.parts.files.get(workspaceId, digest) })),
    );
  }
}

function byPath([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

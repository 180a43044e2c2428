import type { Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { automationPath, automationSlug, type DraftFile } from '../domain/draft';
import { automationMissing } from '../domain/problems';
import type { Access } from './access';
import type { Drafts } from './drafts';
import type { Checker } from './ports/checker';
import type { FileStore } from './ports/file-store';
import type { AutomationView } from './put-automation';

/** Shows the automations of a draft. */
export class ReadAutomations {
  constructor(
    private readonly access: Access,
    private readonly drafts: Drafts,
    private readonly files: FileStore,
    private readonly checker: Checker,
  ) {}

  async get(context: CallContext, name: string, slug: string): Promise<AutomationView> {
    const { workspace } = await this.access.require(context, name, 'read', 'automations');
    const path = automationPath(slug);
    const file = (await this.drafts.read(workspace.id)).files[path];
    if (file === undefined) throw automationMissing(slug);
    const text = await this.files.get(workspace.id, file.digest);
    return { ...this.view(slug, file, text), text, problems: this.checker.checkFile({ path, text }) };
  }

  /** By slug, those after `after`; the cursor is the last slug. */
  async list(context: CallContext, name: string, limit: number, after: string): Promise<Page<AutomationView>> {
    const { workspace } = await this.access.require(context, name, 'read', 'automations');
    const { files } = await this.drafts.read(workspace.id);
    const automations = Object.entries(files).flatMap(([path, file]) => {
      const slug = automationSlug(path);
      return slug === undefined || slug <= after ? [] : [{ slug, file }];
    });
    const shown = automations.sort((a, b) => (a.slug < b.slug ? -1 : 1)).slice(0, limit);
    const items = await Promise.all(
      shown.map(async ({ slug, file }) => this.view(slug, file, await this.files.get(workspace.id, file.digest))),
    );
    const last = shown.at(-1);
    return { items, ...(automations.length > limit && last !== undefined ? { nextCursor: last.slug } : {}) };
  }

  private view(slug: string, file: DraftFile, text: string): AutomationView {
    return { slug, file, described: this.checker.describe({ path: automationPath(slug), text }), problems: [] };
  }
}

import type { AskedPage, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { automationPath, automationSlug, automationSlugs, pathOfAutomation, type DraftFile } from '../domain/draft';
import { automationMissing } from '../domain/problems';
import type { Access } from './access';
import type { Drafts } from './drafts';
import type { Checker, Described } from './ports/checker';
import type { FileStore } from './ports/file-store';
import type { AutomationView } from './put-automation';

/** What conditions of rules may speak of. */
export type RuleView = Pick<Described, 'name' | 'labels'> & { readonly slug: string };

/** Shows the automations of a draft. */
export class ReadAutomations {
  constructor(
    private readonly access: Access,
    private readonly drafts: Drafts,
    private readonly files: FileStore,
    private readonly checker: Checker,
  ) {}

  async get(context: CallContext, name: string, slug: string): Promise<AutomationView> {
    const { workspace, permission } = await this.access.permit(context, name, 'read', 'automations');
    const draft = await this.drafts.read(workspace.id);
    const path = pathOfAutomation(draft, slug);
    const file = draft.files[path];
    if (file === undefined) throw automationMissing(slug);
    const text = await this.files.get(workspace.id, file.digest);
    const view = this.view(slug, file, text);
    if (!permission.allows(ruleView(view))) throw automationMissing(slug);
    return { ...view, text, problems: this.checker.checkFile({ path, text }, automationSlugs(draft)) };
  }

  /** An automation as conditions of rules see it; undefined: there is none of that name. */
  async object(workspaceId: string, slug: string): Promise<RuleView | undefined> {
    const draft = await this.drafts.read(workspaceId);
    const file = draft.files[pathOfAutomation(draft, slug)];
    return file === undefined ? undefined : ruleView(this.view(slug, file, await this.files.get(workspaceId, file.digest)));
  }

  /** By slug, those after `after`; the cursor is the last slug. */
  async list(context: CallContext, name: string, { limit, cursor: after }: AskedPage): Promise<Page<AutomationView>> {
    const { workspace, permission } = await this.access.permit(context, name, 'read', 'automations');
    const { files } = await this.drafts.read(workspace.id);
    const automations = Object.entries(files).flatMap(([path, file]) => {
      const slug = automationSlug(path);
      return slug === undefined || slug <= after ? [] : [{ slug, file }];
    });
    const found: AutomationView[] = [];
    for (const { slug, file } of automations.sort((a, b) => (a.slug < b.slug ? -1 : 1))) {
      const view = this.view(slug, file, await this.files.get(workspace.id, file.digest));
      if (permission.allows(ruleView(view))) found.push(view);
      if (found.length > limit) break;
    }
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { nextCursor: last.slug } : {}) };
  }

  private view(slug: string, file: DraftFile, text: string): AutomationView {
    return { slug, file, described: this.checker.describe({ path: automationPath(slug), text }), problems: [] };
  }
}

/** An automation as conditions of rules see it. */
export function ruleView({ slug, described: { name, labels } }: Pick<AutomationView, 'slug' | 'described'>): RuleView {
  return { slug, name, labels };
}

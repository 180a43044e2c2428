import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { automationPath, writeFile, type DraftFile, type Expectation } from '../domain/draft';
import { documentRefused, type DocumentProblem } from '../domain/problems';
import type { Access } from './access';
import type { Drafts } from './drafts';
import type { Facts } from './facts';
import type { Checker, Described } from './ports/checker';
import type { FileStore } from './ports/file-store';

/** An automation as it stands in the draft. */
export interface AutomationView {
  readonly slug: string;
  readonly file: DraftFile;
  readonly described: Described;
  readonly text?: string;
  readonly problems: readonly DocumentProblem[];
}

export class PutAutomation {
  constructor(
    private readonly access: Access,
    private readonly drafts: Drafts,
    private readonly files: FileStore,
    private readonly checker: Checker,
    private readonly facts: Facts,
    private readonly clock: Clock,
  ) {}

  async run(context: CallContext, name: string, slug: string, text: string, expectation: Expectation): Promise<AutomationView> {
    const { workspace } = await this.access.require(context, name, 'update', 'automations');
    const path = automationPath(slug);
    const problems = this.checker.checkFile({ path, text });
    if (problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    const described = this.checker.describe({ path, text });
    const { digest, size } = await this.files.put(workspace.id, text);
    const write = { path, digest, size, by: context.principal.id, at: this.clock.now() };
    const draft = await this.drafts.change(workspace.id, (before) => {
      const after = writeFile(before, write, expectation);
      if (after === before) return { draft: before, events: [] };
      const type = before.files[path] === undefined ? 'workspaces.automations.created' : 'workspaces.automations.updated';
      const payload = { slug, digest, listens: described.listens };
      const revision = after.files[path]?.revision ?? 1;
      return {
        draft: after,
        events: [this.facts.of(context, { workspaceId: workspace.id, type, payload, subject: `automation/${slug}`, revision })],
      };
    });
    const file = draft.files[path] ?? { digest, size, revision: 1, updatedBy: write.by, updatedAt: write.at };
    return { slug, file, described, text, problems };
  }
}

import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { automationPath, expectationOf, writeFile, type Conditions, type DraftFile } from '../domain/draft';
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

/** An automation by the workspace (id or slug) and its own slug. */
export interface AutomationName {
  readonly workspace: string;
  readonly slug: string;
}

export interface PutAutomationParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly checker: Checker;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Creates or replaces an automation of the draft; a document with errors is refused and the one before stays. */
export class PutAutomation {
  constructor(private readonly parts: PutAutomationParts) {}

  async run(
    context: CallContext,
    { workspace: name, slug }: AutomationName,
    text: string,
    conditions: Conditions,
  ): Promise<AutomationView> {
    const { access, checker, clock, drafts, facts, files } = this.parts;
    const expectation = expectationOf(conditions);
    const { workspace } = await access.require(context, name, 'update', 'automations');
    const path = automationPath(slug);
    const problems = checker.checkFile({ path, text });
    if (problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    const described = checker.describe({ path, text });
    const { digest, size } = await files.put(workspace.id, text);
    const write = { path, digest, size, by: context.principal.id, at: clock.now() };
    const draft = await drafts.change(workspace.id, (before) => {
      const after = writeFile(before, write, expectation);
      if (after === before) return { draft: before, events: [] };
      const type = before.files[path] === undefined ? 'workspaces.automations.created' : 'workspaces.automations.updated';
      const payload = { slug, digest, listens: described.listens };
      const revision = after.files[path]?.revision ?? 1;
      return {
        draft: after,
        events: [facts.of(context, { workspaceId: workspace.id, type, payload, subject: `automation/${slug}`, revision })],
      };
    });
    const file = draft.files[path] ?? { digest, size, revision: 1, updatedBy: write.by, updatedAt: write.at };
    return { slug, file, described, text, problems };
  }
}

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
    const file = await drafts.change(workspace.id, (before) => {
      const { draft, file: written } = writeFile(before, write, expectation);
      if (draft === before) return { document: draft, events: [], result: written };
      const type = written.revision === 1 ? 'workspaces.automations.created' : 'workspaces.automations.updated';
      const { revision } = written;
      const payload = { slug, digest, listens: described.listens };
      const fact = { workspaceId: workspace.id, type, payload, subject: `automation/${slug}`, revision };
      return { document: draft, events: [facts.of(context, fact)], result: written };
    });
    return { slug, file, described, text, problems };
  }
}

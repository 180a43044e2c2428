import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { automationSlugs, pathOfAutomation, expectationOf, writeFile, type Conditions, type DraftFile } from '../domain/draft';
import { documentRefused, type DocumentProblem } from '../domain/problems';
import { demandObject, type Access, type Permitted } from './access';
import type { Drafts } from './drafts';
import type { Facts } from './facts';
import type { Checker, Described } from './ports/checker';
import type { FileStore } from './ports/file-store';
import { ruleView, type ReadAutomations } from './read-automations';

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
  readonly automations: ReadAutomations;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly checker: Checker;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** How an automation is put. */
export interface Putting extends Conditions {
  /** Whether a document with errors is kept, too. */
  readonly lenient: boolean;
  /** What the caller must be allowed to do; `update` when absent. */
  readonly action?: 'create' | 'update';
}

/** Creates or replaces an automation of the draft; unless told otherwise, a document with errors is refused and the one before stays. */
export class PutAutomation {
  constructor(private readonly parts: PutAutomationParts) {}

  async run(
    context: CallContext,
    { workspace: name, slug }: AutomationName,
    text: string,
    { lenient, action = 'update', ...conditions }: Putting,
  ): Promise<AutomationView> {
    const { access, checker, clock, drafts, facts, files } = this.parts;
    const expectation = expectationOf(conditions);
    const entered = await access.permit(context, name, action, 'automations');
    const { workspace } = entered;
    const draft = await drafts.read(workspace.id);
    const path = pathOfAutomation(draft, slug);
    const problems = checker.checkFile({ path, text }, automationSlugs(draft));
    if (!lenient && problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    const described = checker.describe({ path, text });
    await this.demand(entered, slug, described);
    const { digest, size } = await files.put(workspace.id, text);
    const write = { path, digest, size, by: context.principal.id, at: clock.now() };
    const file = await drafts.change(context, workspace.id, (before) => {
      const { draft, file: written } = writeFile(before, write, expectation);
      if (draft === before) return { document: draft, events: [], result: written };
      const type = written.revision === 1 ? 'workspaces.automations.created' : 'workspaces.automations.updated';
      const { revision } = written;
      const payload = { slug, digest, listens: described.listens, emits: described.emits };
      const fact = { workspaceId: workspace.id, type, payload, subject: `automation/${slug}`, revision };
      return { document: draft, events: [facts.of(context, fact)], result: written };
    });
    return { slug, file, described, text, problems };
  }

  /** Rules with conditions must allow what there was, and what there will be. */
  private async demand(entered: Permitted, slug: string, described: Described): Promise<void> {
    const { automations } = this.parts;
    if (entered.permission.query === true) return;
    const before = await automations.object(entered.workspace.id, slug);
    for (const object of [before, ruleView({ slug, described })]) if (object !== undefined) demandObject(entered, object);
  }
}

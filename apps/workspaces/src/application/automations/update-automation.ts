import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import {
  automationPath,
  automationSlug,
  automationSlugs,
  demandRevision,
  expectationOf,
  pathOfAutomation,
  writeFiles,
  type Conditions,
  type Draft,
  type DraftFile,
} from '../../domain/draft';
import { automationMissing, documentRefused, type DocumentProblem } from '../../domain/problems';
import { demandObject, type Access, type Permitted } from '../access';
import type { Drafts } from '../drafts';
import type { DraftFacts } from '../drafting/draft-facts';
import type { DraftTrees } from '../drafting/draft-trees';
import type { Facts } from '../facts';
import type { Checker, SourceFile } from '../ports/checker';
import type { AutomationUsage, DocumentEdits, Said } from '../ports/document-edits';
import type { FileStore } from '../ports/file-store';
import type { AutomationName, AutomationView } from '../put-automation';
import { ruleView } from '../read-automations';
import type { NameUses } from './name-uses';

export interface UpdateAutomationParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly checker: Checker;
  readonly edits: DocumentEdits;
  readonly uses: NameUses;
  readonly trees: DraftTrees;
  readonly facts: Facts;
  readonly draftFacts: DraftFacts;
  readonly clock: Clock;
}

/** What is said of an automation, and the slug it gets. */
export interface AutomationChanges extends Said {
  readonly slug?: string;
}

/** The automation as it is now; after a renaming, the files that were changed with it, and what may still mean it by its old slug. */
export interface UpdatedAutomation extends AutomationView {
  readonly rewritten: readonly string[];
  readonly left: readonly AutomationUsage[];
}

/** A file as it was read. */
interface Found {
  readonly path: string;
  readonly digest: string;
}

/** A file as it was read, and its text as it will be. */
interface Rewriting extends Found {
  readonly next: SourceFile;
}

/** Everything that is written together. */
interface Step {
  readonly slug: string;
  readonly oldSlug: string;
  readonly own: Rewriting;
  readonly others: readonly Rewriting[];
  readonly left: readonly AutomationUsage[];
  readonly problems: readonly DocumentProblem[];
}

/** How often a draft may change under our hands. */
const ATTEMPTS = 10;

/** Changes what an automation says of itself, and its name wherever the draft calls it by that: all in one write. */
export class UpdateAutomation {
  constructor(private readonly parts: UpdateAutomationParts) {}

  async run(context: CallContext, name: AutomationName, changes: AutomationChanges, conditions: Conditions): Promise<UpdatedAutomation> {
    const entered = await this.parts.access.permit(context, name.workspace, 'update', 'automations');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const draft = await this.parts.drafts.read(entered.workspace.id);
      const found = this.demand(draft, name.slug, changes, conditions);
      const step = await this.prepare(entered, draft, found, { ...changes, oldSlug: name.slug });
      const file = await this.write(context, entered.workspace.id, step);
      if (file !== undefined) return this.view(step, file);
    }
    throw new DomainError('workspaces.draft_busy', 'unavailable', 'The draft keeps changing. Try again in a moment.');
  }

  private demand(draft: Draft, slug: string, { slug: to = slug }: AutomationChanges, conditions: Conditions): Found {
    const path = pathOfAutomation(draft, slug);
    const file = draft.files[path];
    if (file === undefined) throw automationMissing(slug);
    demandRevision(path, file, expectationOf(conditions));
    if (to !== slug && draft.files[pathOfAutomation(draft, to)] !== undefined) throw slugTaken(to);
    return { path, digest: file.digest };
  }

  private async prepare(
    entered: Permitted,
    draft: Draft,
    { path, digest }: Found,
    { oldSlug, slug = oldSlug, ...said }: AutomationChanges & Pick<Step, 'oldSlug'>,
  ): Promise<Step> {
    const { checker, edits, files, uses } = this.parts;
    const before = { path, text: await files.get(draft.workspaceId, digest) };
    const saying = { path, text: edits.say(before, said) };
    const next = slug === oldSlug ? saying : { path: automationPath(slug), text: edits.rename(saying, oldSlug, slug) };
    const named = new Set([...automationSlugs(draft), slug]);
    const problems = checker.checkFile(next, named);
    if (hasErrors(problems) && !hasErrors(checker.checkFile(before, named))) throw documentRefused(problems);
    this.demandBoth(entered, before, next);
    const step = { slug, oldSlug, own: { path, digest, next }, problems };
    if (slug === oldSlug) return { ...step, others: [], left: [] };
    const others = (await uses.files(draft)).filter((file) => file.path !== path);
    const rewritten = others.map((file) => ({ file, text: edits.rename(file, oldSlug, slug) }));
    const changed = rewritten.filter(({ file, text }) => file.text !== text);
    for (const { file, text } of changed) this.demandBoth(entered, file, { path: file.path, text });
    return {
      ...step,
      others: changed.map(({ file, text }) => ({ path: file.path, digest: file.digest, next: { path: file.path, text } })),
      left: [next, ...rewritten.map(({ file, text }) => ({ path: file.path, text }))].flatMap((file) => edits.usages(file, oldSlug)),
    };
  }

  /** All or nothing; undefined when somebody changed one of the files meanwhile. */
  private async write(context: CallContext, workspaceId: string, step: Step): Promise<DraftFile | undefined> {
    const { drafts, files } = this.parts;
    const all = [step.own, ...step.others];
    const stored = new Map<string, Pick<DraftFile, 'digest' | 'size'> | undefined>([[step.own.path, undefined]]);
    for (const { next } of all) stored.set(next.path, await files.put(workspaceId, next.text));
    return drafts.change(context, workspaceId, (before) => {
      const target = step.own.next.path;
      const isTaken = target !== step.own.path && before.files[target] !== undefined;
      if (isTaken || all.some(({ path, digest }) => before.files[path]?.digest !== digest)) {
        return { document: before, events: [], result: undefined };
      }
      const draft = writeFiles(before, stored, { by: context.principal.id, at: this.parts.clock.now() });
      const file = draft.files[target];
      const isSame = step.own.path === target && file?.digest === step.own.digest;
      if (file === undefined || isSame) return { document: before, events: [], result: file };
      return { document: draft, events: this.tell(context, draft, step, file), result: file };
    });
  }

  private tell(
    context: CallContext,
    draft: Draft,
    { slug, oldSlug, own, others }: Step,
    { digest, revision }: DraftFile,
  ): readonly NewEvent[] {
    const { checker, draftFacts, facts, trees } = this.parts;
    const { listens, emits } = checker.describe(own.next);
    const payload = { slug, ...(slug === oldSlug ? {} : { oldSlug }), digest, listens, emits };
    const { workspaceId } = draft;
    const updated = { workspaceId, type: 'workspaces.automations.updated', payload, subject: `automation/${slug}`, revision };
    const changes = others.map(({ path }) => ({ path, change: 'changed' as const }));
    const described = draftFacts.describe(
      changes,
      others.map(({ next }) => next),
    );
    return [facts.of(context, updated), ...draftFacts.applied(context, draft, { changes, described, digest: trees.digestOf(draft) })];
  }

  private view({ slug, own, others, left, problems }: Step, file: DraftFile): UpdatedAutomation {
    const described = this.parts.checker.describe(own.next);
    const { text } = own.next;
    return { slug, file, described, text, problems, rewritten: others.map(({ path }) => path), left };
  }

  /** Rules with conditions must allow what there was, and what there will be. */
  private demandBoth(entered: Permitted, before: SourceFile, after: SourceFile): void {
    if (entered.permission.query === true) return;
    for (const file of [before, after]) {
      const slug = automationSlug(file.path);
      if (slug !== undefined) demandObject(entered, ruleView({ slug, described: this.parts.checker.describe(file) }));
    }
  }
}

function hasErrors(problems: readonly DocumentProblem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

function slugTaken(slug: string): DomainError {
  return new DomainError('workspaces.automation_taken', 'conflict', `There is an automation "${slug}" already. Choose another slug.`, {
    facts: { slug },
    errors: [{ pointer: '/newSlug', code: 'taken', detail: 'Choose another slug.' }],
  });
}

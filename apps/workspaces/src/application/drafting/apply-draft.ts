import type { Clock } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { emptyDraft, writeFiles, type Draft, type DraftBase } from '../../domain/draft';
import { documentRefused, type DocumentProblem } from '../../domain/problems';
import { demandWithin, PLATFORM_LIMITS } from '../../domain/quotas/quotas';
import { compare, type Comparison, type Digests, type FileChange } from '../../domain/tree/compare';
import { demandDeed, type Access, type Entered } from '../access';
import type { CheckWorkspace } from '../checking/check-workspace';
import { readsRoles } from '../checking/reads-roles';
import type { Drafts } from '../drafts';
import type { SourceFile } from '../ports/checker';
import { digestsOf, treeOf, type DraftTrees } from './draft-trees';
import { draftMoved, draftUnknown, draftUnnamed } from './draft-moved';
import type { DraftFacts } from './draft-facts';
import type { Drift, FileTouch } from './drift';
import { demandFiles } from './file-rights';
import type { MissingSecrets } from './missing-secrets';
import { unheeded } from './unheeded';
import type { WantedFiles, WantedTrees, Wish } from './wanted-files';

/** Many files of a draft as they shall be. */
export interface Application extends Wish {
  readonly workspace: string;
  /** Digest of the draft that the caller saw; `*`: any; empty: not said. */
  readonly ifMatch: string;
  /** Whether to say only what would be done. */
  readonly dryRun: boolean;
  /** Whether documents with errors are taken. */
  readonly lenient: boolean;
  /** Where the files come from; empty: not said. */
  readonly commit: string;
  /** What else is told in the same write, when it is done. */
  readonly told?: (plan: Plan) => NewEvent;
  /** By whom this is done once, however often it is begun. */
  readonly once?: Once;
}

/** Work that is begun again after a crash, and does nothing twice. */
export interface Once {
  readonly id: string;
  /** What was planned when it was begun before; absent: nothing. */
  readonly planned?: Plan | undefined;
  /** Told right before the draft is written. Whoever begins the work again knows of it when it has resolved. */
  plan(plan: Plan): Promise<void>;
}

/** What an apply does, or would do. */
export interface Plan extends Comparison {
  /** Digest of the draft as it is. */
  readonly digest: string;
  /** Digest of the draft as it will be. */
  readonly plannedDigest: string;
  readonly applied: boolean;
  readonly base?: DraftBase;
  readonly drift: readonly FileTouch[];
  readonly conflicts: readonly FileTouch[];
  readonly problems: readonly DocumentProblem[];
  readonly missingSecrets: readonly string[];
}

export interface ApplyDraftParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly trees: DraftTrees;
  readonly wanted: WantedTrees;
  readonly drift: Drift;
  readonly check: CheckWorkspace;
  readonly secrets: MissingSecrets;
  readonly facts: DraftFacts;
  readonly clock: Clock;
}

/** What is planned for the draft as it was read. */
interface Prepared {
  readonly draft: Draft;
  readonly wanted: WantedFiles;
  readonly texts: readonly SourceFile[];
  readonly plan: Plan;
}

interface Writing {
  readonly asked: Application;
  readonly entered: Entered;
  readonly prepared: Prepared;
}

/** Changes many files of a draft in one write, or says what that would do. */
export class ApplyDraft {
  constructor(private readonly parts: ApplyDraftParts) {}

  async run(context: CallContext, asked: Application): Promise<Plan> {
    const entered = await this.parts.access.require(context, asked.workspace, 'manage', 'automations');
    const draft = await this.parts.drafts.read(entered.workspace.id);
    const before = appliedBefore(draft, asked);
    if (before !== undefined) return before;
    if (!asked.dryRun) await this.demandSeen(draft, asked);
    const prepared = await this.prepare(context, draft, asked, readsRoles(entered));
    demandFiles(entered, effective(prepared.plan.changes));
    if (asked.dryRun) return prepared.plan;
    const { problems } = prepared.plan;
    if (!asked.lenient && problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    return this.write(context, { asked, entered, prepared });
  }

  /** Refuses files that no new workspace takes, before there is one. */
  async demandAnew(asked: Application): Promise<void> {
    const draft = emptyDraft('');
    const wanted = await this.parts.wanted.read(draft, asked);
    demandWithin(draft, writeFiles(draft, changesOf(draft, wanted), { by: '', at: 0 }), PLATFORM_LIMITS);
  }

  /** Puts the files into the draft of a workspace that nobody finds yet; `events`: what is to be told of it once somebody does. */
  async fill(
    context: CallContext,
    entered: Entered,
    asked: Application,
  ): Promise<{ readonly plan: Plan; readonly events: readonly NewEvent[] }> {
    const { drafts, facts } = this.parts;
    demandDeed(entered, { action: 'manage', subject: 'automations' });
    const { draft, wanted, texts, plan } = await this.prepare(context, emptyDraft(entered.workspace.id), asked, readsRoles(entered));
    demandFiles(entered, effective(plan.changes));
    const base = await this.keep(context, asked, draft.workspaceId, wanted);
    const next = { ...writeFiles(draft, changesOf(draft, wanted), base), base };
    const described = facts.describe(plan.changes, texts);
    const told = facts.applied(context, next, { changes: plan.changes, described, digest: base.digest });
    return { plan: { ...plan, digest: base.digest, applied: true, base }, events: await drafts.fill(next, told) };
  }

  /** What would become of an empty draft. */
  async planAnew(context: CallContext, asked: Application): Promise<Plan> {
    return (await this.prepare(context, emptyDraft(''), asked, true)).plan;
  }

  /** `isTold`: whether what roles say may be told. */
  private async prepare(context: CallContext, draft: Draft, asked: Application, isTold: boolean): Promise<Prepared> {
    const { check, drift, secrets, trees, wanted: files } = this.parts;
    const { workspaceId } = draft;
    const wanted = await files.read(draft, asked);
    const now = digestsOf(treeOf(draft));
    const named = asked.ifMatch === '' || asked.ifMatch === '*' ? undefined : asked.ifMatch;
    const basis = await drift.basis(draft, named);
    const texts = await files.texts(workspaceId, wanted);
    const digests = digestsOfFiles(wanted);
    const planned = writeFiles(draft, changesOf(draft, wanted), { by: '', at: 0 });
    const plan = {
      ...compare(now, wishedFor(asked, wanted), asked.prune),
      digest: trees.digestOf(draft),
      plannedDigest: trees.digestOf(planned),
      applied: false,
      ...(basis === undefined ? {} : { base: basis.base }),
      drift: drift.since(draft, basis),
      conflicts: basis === undefined ? [] : drift.conflicts(draft, basis, digests),
      problems: [...(await check.texts(context, workspaceId, texts, isTold)), ...unheeded(wanted.keys())],
      missingSecrets: await secrets.of(workspaceId, texts),
    };
    return { draft, wanted, texts, plan };
  }

  /** The texts first: a crash in between leaves some that nobody names, and the draft as it was. */
  private async write(context: CallContext, { asked, entered, prepared }: Writing): Promise<Plan> {
    const { draft, wanted, texts, plan } = prepared;
    const { drafts, facts, trees } = this.parts;
    const { workspaceId } = draft;
    const base = await this.keep(context, asked, workspaceId, wanted);
    const described = facts.describe(plan.changes, texts);
    await asked.once?.plan(plan);
    const written = await drafts.change(context, workspaceId, (before) => {
      if (trees.digestOf(before) !== plan.digest) return { document: before, events: [], result: false };
      const next = { ...writeFiles(before, changesOf(before, wanted), base), base };
      const changes = effective(plan.changes);
      const events = facts.applied(context, next, { changes, described, digest: base.digest });
      return { document: next, events: [...events, ...(asked.told === undefined ? [] : [asked.told(plan)])], result: true };
    });
    if (written) return { ...plan, digest: base.digest, applied: true, base };
    const current = await drafts.read(workspaceId);
    // Whatever was there was to be written over: what has come meanwhile, too.
    if (asked.ifMatch === '*') {
      const again = await this.prepare(context, current, asked, readsRoles(entered));
      demandFiles(entered, effective(again.plan.changes));
      return this.write(context, { asked, entered, prepared: again });
    }
    throw await this.moved(current, asked);
  }

  /** Stores the texts and their tree, the base of what is applied next. */
  private async keep(context: CallContext, { commit, once }: Application, workspaceId: string, wanted: WantedFiles): Promise<DraftBase> {
    const { clock, trees, wanted: files } = this.parts;
    const tree = [...wanted].map(([path, { digest, size }]) => ({ path, digest, size }));
    const [digest] = await Promise.all([trees.keep(workspaceId, tree), files.keep(workspaceId, wanted)]);
    const said = { ...(commit === '' ? {} : { commit }), ...(once === undefined ? {} : { once: once.id }) };
    return { digest, by: context.principal.id, at: clock.now(), ...said };
  }

  /** Refuses a caller who saw another draft, or does not say which. */
  private async demandSeen(draft: Draft, asked: Application): Promise<void> {
    const digest = this.parts.trees.digestOf(draft);
    if (asked.ifMatch === '') throw draftUnnamed(digest);
    if (asked.ifMatch !== '*' && asked.ifMatch !== digest) throw await this.moved(draft, asked);
  }

  private async moved(draft: Draft, asked: Application): Promise<Error> {
    const { drift, trees, wanted } = this.parts;
    const basis = await drift.basis(draft, asked.ifMatch);
    const conflicts = drift.conflicts(draft, basis, digestsOfFiles(await wanted.read(draft, asked)));
    const digest = trees.digestOf(draft);
    return basis === undefined ? draftUnknown(asked.ifMatch, digest, conflicts) : draftMoved(digest, conflicts, drift.since(draft, basis));
  }
}

/** What came of the same work when it was begun before, if it was applied then. */
function appliedBefore({ base }: Draft, { once }: Application): Plan | undefined {
  if (base === undefined || once?.planned === undefined || base.once !== once.id) return undefined;
  return { ...once.planned, digest: base.digest, applied: true, base };
}

/** What `writeFiles` makes of a draft to have exactly these files. */
function changesOf({ files }: Draft, wanted: WantedFiles): Parameters<typeof writeFiles>[1] {
  const gone = Object.keys(files).flatMap((path): [string, undefined][] => (wanted.has(path) ? [] : [[path, undefined]]));
  const there = [...wanted].map(([path, { digest, size }]): [string, { digest: string; size: number }] => [path, { digest, size }]);
  return new Map([...gone, ...there]);
}

function digestsOfFiles(wanted: WantedFiles): Digests {
  return new Map([...wanted].map(([path, { digest }]) => [path, digest]));
}

/** Only the files that the caller named. */
function wishedFor({ files, known }: Wish, wanted: WantedFiles): Digests {
  const named = new Set([...Object.keys(files), ...Object.keys(known)]);
  return new Map([...digestsOfFiles(wanted)].filter(([path]) => named.has(path)));
}

/** Changes that are made: what merely stands in the draft, too, stays. */
function effective(changes: readonly FileChange[]): readonly FileChange[] {
  return changes.filter(({ change }) => change !== 'extra');
}

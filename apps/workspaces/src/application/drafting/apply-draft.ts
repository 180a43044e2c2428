import type { Clock } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { emptyDraft, writeFiles, type Draft, type DraftBase } from '../../domain/draft';
import { documentRefused, type DocumentProblem } from '../../domain/problems';
import { demandWithin, PLATFORM_LIMITS } from '../../domain/quotas/quotas';
import { compare, type Comparison, type Digests, type FileChange } from '../../domain/tree/compare';
import type { Access } from '../access';
import type { CheckWorkspace } from '../checking/check-workspace';
import type { Drafts } from '../drafts';
import type { SourceFile } from '../ports/checker';
import { digestsOf, treeOf, type DraftTrees } from './draft-trees';
import { draftMoved, draftUnnamed } from './draft-moved';
import type { DraftFacts } from './draft-facts';
import type { Drift, FileTouch } from './drift';
import type { MissingSecrets } from './missing-secrets';
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

/** Changes many files of a draft in one write, or says what that would do. */
export class ApplyDraft {
  constructor(private readonly parts: ApplyDraftParts) {}

  async run(context: CallContext, asked: Application): Promise<Plan> {
    const { workspace } = await this.parts.access.require(context, asked.workspace, 'manage', 'automations');
    const draft = await this.parts.drafts.read(workspace.id);
    if (!asked.dryRun) await this.demandSeen(draft, asked);
    const prepared = await this.prepare(draft, asked);
    if (asked.dryRun) return prepared.plan;
    const { problems } = prepared.plan;
    if (!asked.lenient && problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    return this.write(context, asked, prepared);
  }

  /** Refuses files that no new workspace takes, before there is one. */
  async demandAnew(asked: Application): Promise<void> {
    const draft = emptyDraft('');
    const wanted = await this.parts.wanted.read(draft, asked);
    demandWithin(draft, writeFiles(draft, changesOf(draft, wanted), { by: '', at: 0 }), PLATFORM_LIMITS);
  }

  /** What would become of an empty draft. */
  async planAnew(asked: Application): Promise<Plan> {
    return (await this.prepare(emptyDraft(''), asked)).plan;
  }

  private async prepare(draft: Draft, asked: Application): Promise<Prepared> {
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
      problems: [...(await check.texts(workspaceId, texts)), ...unheeded(wanted)],
      missingSecrets: await secrets.of(workspaceId, texts),
    };
    return { draft, wanted, texts, plan };
  }

  /** The texts first: a crash in between leaves some that nobody names, and the draft as it was. */
  private async write(context: CallContext, asked: Application, { draft, wanted, texts, plan }: Prepared): Promise<Plan> {
    const { clock, drafts, facts, trees, wanted: files } = this.parts;
    const { workspaceId } = draft;
    await files.keep(workspaceId, wanted);
    const tree = [...wanted].map(([path, { digest, size }]) => ({ path, digest, size }));
    const base = {
      digest: await trees.keep(workspaceId, tree),
      by: context.principal.id,
      at: clock.now(),
      ...(asked.commit === '' ? {} : { commit: asked.commit }),
    };
    const described = facts.describe(plan.changes, texts);
    const written = await drafts.change(workspaceId, (before) => {
      if (trees.digestOf(before) !== plan.digest) return { document: before, events: [], result: false };
      const next = { ...writeFiles(before, changesOf(before, wanted), base), base };
      const changes = effective(plan.changes);
      const events = facts.applied(context, next, { changes, described, digest: base.digest });
      return { document: next, events: [...events, ...(asked.told === undefined ? [] : [asked.told(plan)])], result: true };
    });
    if (written) return { ...plan, digest: base.digest, applied: true, base };
    const current = await drafts.read(workspaceId);
    // Whatever was there was to be written over: what has come meanwhile, too.
    if (asked.ifMatch === '*') return this.write(context, asked, await this.prepare(current, asked));
    throw await this.moved(current, asked);
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
    const mine = digestsOfFiles(await wanted.read(draft, asked));
    return draftMoved(trees.digestOf(draft), drift.conflicts(draft, basis, mine), drift.since(draft, basis));
  }
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

/** Whoever writes roles into a file should not believe that they hold. */
function unheeded(wanted: WantedFiles): readonly DocumentProblem[] {
  if (!wanted.has('roles.yaml')) return [];
  const message = 'Roles in a file are kept and do not hold: set them with PUT /v1/workspaces/{workspace}/roles/{role}.';
  return [{ ...{ code: 'file-unheeded', severity: 'warning', file: 'roles.yaml', line: 1, column: 1, path: '' }, message }];
}

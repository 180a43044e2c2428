import type { StagedBlobs } from '@millrace/blobs';
import type { Stored } from '@millrace/documents';
import { DomainError, type Ids, type Json } from '@millrace/kernel';
import { translateArchive, type Imported, type ImportNote } from '@millrace/language';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { appAlone, withApps, type PackedApp, type Unpacked } from '../../domain/exchange/packed-apps';
import type { FileChange } from '../../domain/tree/compare';
import type { Workspace } from '../../domain/workspace';
import type { Access, Entered } from '../access';
import type { CreateFilled, Filling } from '../create-filled';
import type { ApplyDraft, Once, Plan } from '../drafting/apply-draft';
import type { Facts } from '../facts';
import type { Archives } from '../ports/archives';
import type { Differences } from '../ports/differences';
import type { Turns } from '../ports/turns';
import type { ImportRoles, Told } from './import-roles';
import type { TellApps } from './tell-apps';

/** What is asked of an import. */
export interface ImportAsked {
  /** Names the staged bytes of the archive. */
  readonly ref: string;
  /** Id or slug; absent: a new one. */
  readonly workspace?: string;
  /** What to call a new one; absent: as the archive does. */
  readonly name?: string;
  readonly slug?: string;
  /** The app of the archive to take in the place of the workspace, as `slug@number`. */
  readonly app?: string;
  readonly prune: boolean;
  readonly dryRun: boolean;
}

/** An import on its way: what it says of itself, and what is known of it when it was begun before. */
export interface Underway extends Once {
  /** Files that were seen to, of so many. */
  advance(done: number, total: number): void;
}

/** What an import did, or would do. */
export interface ImportDone extends Told {
  /** Absent: a new one would be made. */
  readonly stored?: Stored<Workspace>;
}

export interface ImportWorkspaceParts {
  readonly access: Access;
  readonly create: CreateFilled;
  readonly apply: ApplyDraft;
  readonly roles: ImportRoles;
  readonly apps: TellApps;
  readonly archives: Archives;
  readonly documents: Pick<Differences, 'documentIn'>;
  readonly staged: StagedBlobs;
  readonly facts: Facts;
  readonly ids: Ids;
  readonly turns: Turns;
}

/** An archive as it is taken over: texts, and assets by their paths. */
interface Taken extends Imported {
  readonly assets: Readonly<Record<string, Uint8Array>>;
  /** The app that it is of, when it is of one. */
  readonly app?: PackedApp;
}

/** Characters that the name of a workspace may have. */
const LONGEST_NAME = 100;
/** Bytes an archive may have. */
const MOST_BYTES = 50 * 1_048_576;

/** Makes the files of an archive those of a draft, in one write: ours as they are, those of the seed system translated. Then its roles hold, if its importer may give them. */
export class ImportWorkspace {
  constructor(private readonly parts: ImportWorkspaceParts) {}

  /** Refuses who may not; else the most bytes that may come. */
  async admit(context: CallContext, workspace: string | undefined): Promise<number> {
    await this.enter(context, workspace);
    return MOST_BYTES;
  }

  /**
   * Refuses the archive whole (`workspaces.archive_refused`), or takes all of it. Begun again under the same id it does what is still to be done.
   * Of the apps that came with it, it only tells whether they are here.
   */
  async run(context: CallContext, asked: ImportAsked, underway: Underway): Promise<ImportDone> {
    const { apps, archives, staged } = this.parts;
    const into = await this.enter(context, asked.workspace);
    const bytes = Buffer.concat(await Array.fromAsync(await staged.get(asked.ref)));
    const all = withApps(await archives.unpack(bytes));
    const wanted = asked.app === undefined ? all : appAlone(all, asked.app);
    const { report, ...taken } = await this.translated(wanted, underway);
    const imported = { ...taken, report: [...(await apps.run(context, wanted.apps, into?.document.id)), ...report] };
    return into === undefined
      ? await this.anew(context, asked, imported, underway)
      : await this.into(context, into, asked, imported, underway);
  }

  /** The workspace that it goes into; undefined: a new one. */
  private async enter(context: CallContext, workspace: string | undefined): Promise<Stored<Workspace> | undefined> {
    if (workspace !== undefined) return (await this.parts.access.require(context, workspace, 'manage', 'automations')).stored;
    this.parts.create.admit(context);
    return undefined;
  }

  /** In turns of one file. Assets are taken as they are. */
  private async translated({ files, app }: Unpacked & Pick<Taken, 'app'>, underway: Underway): Promise<Taken> {
    const [texts, assets]: [Record<string, string>, Record<string, Uint8Array>] = [{}, {}];
    for (const { path, content } of files) {
      if (typeof content === 'string') texts[path] = content;
      else assets[path] = content;
    }
    const steps = translateArchive(texts);
    for (let done = 0; ; done += 1) {
      underway.advance(Math.min(done, files.length), files.length);
      const step = steps.next();
      if (step.done !== true) await this.parts.turns.next();
      else {
        underway.advance(files.length, files.length);
        const report = [...step.value.report, ...Object.keys(assets).map(taken)];
        return { ...step.value, report, assets, ...(app === undefined ? {} : { app }) };
      }
    }
  }

  private async anew(context: CallContext, asked: ImportAsked, imported: Taken, underway: Underway): Promise<ImportDone> {
    const { apply, create, documents, ids, roles } = this.parts;
    const name = asked.name ?? nameIn(documents.documentIn(imported.files['workspace.yaml'] ?? '')) ?? imported.app?.slug;
    const slug = asked.slug ?? imported.app?.slug;
    if (name === undefined) throw nameMissing();
    if (name.length > LONGEST_NAME) throw nameTooLong(name.length);
    const wish = { workspace: '', ...wishFor(asked, imported) };
    await apply.demandAnew(wish);
    const id = ids.derive('ws', 'import', underway.id);
    const said = { id, name, ...(slug === undefined ? {} : { slug }) };
    if (asked.dryRun) {
      await create.judge(context, said);
      return roles.anew(context, imported, await apply.planAnew(context, wish));
    }
    const before = await create.find(id);
    if (before !== undefined) {
      return { stored: before, ...(await roles.anew(context, imported, { ...(await apply.planAnew(context, wish)), applied: true })) };
    }
    const { stored, result } = await create.run(context, said, (entered) => this.fill(context, entered, asked, imported));
    return { stored, ...result };
  }

  private async fill(context: CallContext, entered: Entered, asked: ImportAsked, imported: Taken): Promise<Filling<Told>> {
    const { apply, roles } = this.parts;
    const { id } = entered.workspace;
    const { plan, events } = await apply.fill(context, entered, { workspace: id, ...wishFor(asked, imported) });
    const { result, events: told } = await roles.fill(context, entered, imported, plan);
    return { result, events: [...events, this.imported(context, id, plan), ...told] };
  }

  private async into(
    context: CallContext,
    stored: Stored<Workspace>,
    asked: ImportAsked,
    imported: Taken,
    once: Underway,
  ): Promise<ImportDone> {
    const { apply, roles } = this.parts;
    const { id } = stored.document;
    const told = (plan: Plan) => this.imported(context, id, plan);
    const plan = await apply.run(context, { workspace: id, ...wishFor(asked, imported), told, once });
    return { stored, ...(await roles.into(context, id, imported, plan, asked.dryRun)) };
  }

  private imported(context: CallContext, workspaceId: string, plan: Plan): NewEvent {
    const fact = { workspaceId, type: 'workspaces.imported', payload: countsOf(plan), subject: `workspace/${workspaceId}` };
    return this.parts.facts.of(context, fact);
  }
}

/** Files with mistakes are taken: they are mended here, and published when they are. */
function wishFor({ prune, dryRun }: ImportAsked, { files: texts, assets }: Taken) {
  const files = { ...texts, ...assets };
  return { files, known: {}, prune, dryRun, ifMatch: '*', lenient: true, commit: '' };
}

function taken(file: string): ImportNote {
  return { file, outcome: 'same', reason: 'it is an asset, taken as it is', differences: [] };
}

function countsOf({ changes, problems }: Plan) {
  const count = (kind: FileChange['change']): number => changes.filter(({ change }) => change === kind).length;
  return { created: count('created'), changed: count('changed'), removed: count('removed'), problems: problems.length };
}

/** What the document of a workspace calls it: a text, or the first of one by language. */
function nameIn(document: Json | undefined): string | undefined {
  if (typeof document !== 'object' || document === null || !('name' in document)) return undefined;
  const { name } = document;
  const texts = typeof name === 'object' && name !== null ? Object.values(name) : [name];
  return texts.find((text) => typeof text === 'string' && text !== '') as string | undefined;
}

function nameMissing(): DomainError {
  return new DomainError(
    'workspaces.name_missing',
    'invalid',
    'The archive does not say what the workspace is called. Say it with ?name=, or in its workspace.yaml.',
    { errors: [{ pointer: '/name', code: 'required', detail: 'Say what the workspace is called.' }] },
  );
}

function nameTooLong(length: number): DomainError {
  return new DomainError(
    'workspaces.name_too_long',
    'invalid',
    `The archive gives the workspace a name of ${length} characters, and ${LONGEST_NAME} is the most. Say another with ?name=.`,
    { errors: [{ pointer: '/name', code: 'too_long', detail: `Give it a name of at most ${LONGEST_NAME} characters.` }] },
  );
}

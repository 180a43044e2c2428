import type { StagedBlobs } from '@millrace/blobs';
import type { Stored } from '@millrace/documents';
import { DomainError, type Json } from '@millrace/kernel';
import { translateArchive, type Imported, type ImportNote } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { rooted } from '../../domain/exchange/rooted';
import type { FileChange } from '../../domain/tree/compare';
import type { Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import type { CreateFilled } from '../create-filled';
import type { ApplyDraft, Plan } from '../drafting/apply-draft';
import type { Facts } from '../facts';
import type { Archives } from '../ports/archives';
import type { Differences } from '../ports/differences';
import type { Turns } from '../ports/turns';

/** What is asked of an import. */
export interface ImportAsked {
  /** Names the staged bytes of the archive. */
  readonly ref: string;
  /** Id or slug; absent: a new one. */
  readonly workspace?: string;
  /** What to call a new one; absent: as the archive does. */
  readonly name?: string;
  readonly slug?: string;
  readonly prune: boolean;
  readonly dryRun: boolean;
}

/** What an import did, or would do. */
export interface ImportDone {
  /** Absent: a new one would be made. */
  readonly stored?: Stored<Workspace>;
  readonly report: readonly ImportNote[];
  readonly plan: Plan;
}

export interface ImportWorkspaceParts {
  readonly access: Access;
  readonly create: CreateFilled;
  readonly apply: ApplyDraft;
  readonly archives: Archives;
  readonly documents: Pick<Differences, 'documentIn'>;
  readonly staged: StagedBlobs;
  readonly facts: Facts;
  readonly turns: Turns;
}

/** Bytes an archive may have. */
const MOST_BYTES = 50 * 1_048_576;

/** Makes the files of an archive those of a draft, in one write: ours as they are, those of the seed system translated. */
export class ImportWorkspace {
  constructor(private readonly parts: ImportWorkspaceParts) {}

  /** Refuses who may not; else the most bytes that may come. */
  async admit(context: CallContext, workspace: string | undefined): Promise<number> {
    if (workspace === undefined) this.parts.create.admit(context);
    else await this.parts.access.require(context, workspace, 'manage', 'automations');
    return MOST_BYTES;
  }

  /** Refuses the archive whole (`workspaces.archive_refused`), or takes all of it. The bytes are gone afterwards. */
  async run(context: CallContext, asked: ImportAsked): Promise<ImportDone> {
    const { archives, staged } = this.parts;
    try {
      await this.admit(context, asked.workspace);
      const bytes = Buffer.concat(await Array.fromAsync(await staged.get(asked.ref)));
      const imported = await this.translated(rooted(await archives.unpack(bytes)));
      return asked.workspace === undefined
        ? await this.anew(context, asked, imported)
        : await this.into(context, asked.workspace, asked, imported);
    } finally {
      // What is left after all is swept.
      await staged.discard(asked.ref).catch(() => undefined);
    }
  }

  /** In turns of one file. */
  private async translated(files: readonly { readonly path: string; readonly text: string }[]): Promise<Imported> {
    const steps = translateArchive(Object.fromEntries(files.map(({ path, text }) => [path, text])));
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await this.parts.turns.next();
    }
  }

  private async anew(context: CallContext, asked: ImportAsked, imported: Imported): Promise<ImportDone> {
    const { apply, create, documents } = this.parts;
    const name = asked.name ?? nameIn(documents.documentIn(imported.files['workspace.yaml'] ?? ''));
    if (name === undefined) throw nameMissing();
    const wish = { workspace: '', ...wishFor(asked, imported) };
    await apply.demandAnew(wish);
    if (asked.dryRun) {
      const plan = await apply.planAnew(wish);
      return { report: imported.report, plan };
    }
    const said = { name, ...(asked.slug === undefined ? {} : { slug: asked.slug }) };
    return create.run(context, said, ({ document }) => this.into(context, document.id, asked, imported));
  }

  private async into(context: CallContext, workspace: string, asked: ImportAsked, imported: Imported): Promise<ImportDone> {
    const { access, apply, facts } = this.parts;
    const { stored } = await access.require(context, workspace, 'manage', 'automations');
    const { id } = stored.document;
    const told = (plan: Plan) =>
      facts.of(context, { workspaceId: id, type: 'workspaces.imported', payload: countsOf(plan), subject: `workspace/${id}` });
    const plan = await apply.run(context, { workspace: id, ...wishFor(asked, imported), told });
    return { stored, report: imported.report, plan };
  }
}

/** Files with mistakes are taken: they are mended here, and published when they are. */
function wishFor({ prune, dryRun }: ImportAsked, { files }: Imported) {
  return { files, known: {}, prune, dryRun, ifMatch: '*', lenient: true, commit: '' };
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

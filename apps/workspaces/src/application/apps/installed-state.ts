import type { CallContext } from '@millrace/messaging';
import { demandRevision, removeFile, writeFile, type Draft, type Expectation, type FileWrite } from '../../domain/draft';
import { INSTALLED_PATH, LOCK_PATH, type Installed, type Lock, type Locked } from '../../domain/apps/installed';
import { instanceChanged, instancesMoved } from '../../domain/apps/refusals';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { FileStore } from '../ports/file-store';
import type { Mounts } from './mounts';
import type { AppDocuments } from './ports/app-documents';
import type { Clock, JsonMap } from '@millrace/kernel';

export interface InstalledStateParts {
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly documents: AppDocuments;
  readonly mounts: Mounts;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** What a draft says is installed. */
export interface InstalledNow {
  readonly draft: Draft;
  readonly installed: readonly Installed[];
  readonly lock: Lock;
  /** Revision of `apps.yaml`; 0 when there is none. */
  readonly revision: number;
}

/** What becomes of an instance: its entries, each undefined when it goes. */
export interface InstanceChange {
  readonly slug: string;
  readonly entry: Installed | undefined;
  readonly locked: Locked | undefined;
  readonly type: string;
  readonly payload: JsonMap;
}

/** Reads and changes what the draft says is installed: `apps.yaml` and `apps.lock`, both in one write. */
export class InstalledState {
  constructor(private readonly parts: InstalledStateParts) {}

  async read(workspaceId: string): Promise<InstalledNow> {
    const draft = await this.parts.drafts.read(workspaceId);
    const { mounts } = this.parts;
    const found = await mounts.read(mounts.textsIn(workspaceId, treeOf(draft)));
    return { draft, ...found, revision: draft.files[INSTALLED_PATH]?.revision ?? 0 };
  }

  /** Writes a change made from what was read; refuses when either file was changed since. Answers the new revision of `apps.yaml`. */
  async write(context: CallContext, now: InstalledNow, change: InstanceChange, expectation?: Expectation): Promise<number> {
    const { drafts, files, documents, facts, clock } = this.parts;
    const { workspaceId } = now.draft;
    if (expectation !== undefined) demandRevision(INSTALLED_PATH, now.draft.files[INSTALLED_PATH], expectation);
    const text = await this.text(now);
    const texts = [
      { path: INSTALLED_PATH, text: documents.withInstalled(text, change.slug, change.entry) },
      { path: LOCK_PATH, text: documents.lockText(lockWith(now.lock, change)) },
    ];
    const writes = await Promise.all(
      texts.map(async ({ path, text: each }) => ({ path, ...(each === '' ? { size: 0 } : await files.put(workspaceId, each)) })),
    );
    const { type, payload, slug } = change;
    const event = facts.of(context, { workspaceId, type, payload: { instance: slug, ...payload }, subject: `instance/${slug}` });
    return drafts.change(context, workspaceId, (before) => {
      demandSame(now.draft, before, expectation === undefined ? instancesMoved : instanceChanged);
      const by = { by: context.principal.id, at: clock.now() };
      const document = writes.reduce((draft, write) => written(draft, { ...write, ...by }), before);
      return { document, events: [event], result: document.files[INSTALLED_PATH]?.revision ?? 0 };
    });
  }

  /** Tells of an instance something that changes nothing in the draft. */
  async tell(
    context: CallContext,
    workspaceId: string,
    slug: string,
    { type, payload }: Pick<InstanceChange, 'type' | 'payload'>,
  ): Promise<void> {
    const event = this.parts.facts.of(context, { workspaceId, type, payload: { instance: slug, ...payload }, subject: `instance/${slug}` });
    await this.parts.drafts.change(context, workspaceId, (document) => ({ document, events: [event], result: undefined }));
  }

  private async text({ draft }: InstalledNow): Promise<string> {
    const file = draft.files[INSTALLED_PATH];
    return file === undefined ? '' : this.parts.files.get(draft.workspaceId, file.digest);
  }
}

/** The files of a draft as a version has them. */
export function treeOf({ files }: Draft) {
  return Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
}

function lockWith(lock: Lock, { slug, locked }: InstanceChange): Lock {
  const { [slug]: _, ...others } = lock;
  return locked === undefined ? others : { ...others, [slug]: locked };
}

function demandSame(read: Draft, now: Draft, refused: typeof instanceChanged): void {
  for (const path of [INSTALLED_PATH, LOCK_PATH]) {
    if (read.files[path]?.digest !== now.files[path]?.digest) throw refused(now.files[path]);
  }
}

/** The draft with the file as it is to be: gone when nothing is left of it. */
function written(draft: Draft, { digest, ...write }: Omit<FileWrite, 'digest'> & { readonly digest?: string }): Draft {
  const isThere = draft.files[write.path] !== undefined;
  if (digest === undefined) return removeFile(draft, write.path, { kind: 'any' }) ?? draft;
  return writeFile(draft, { ...write, digest }, { kind: isThere ? 'any' : 'absent' }).draft;
}

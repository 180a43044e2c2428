import { Permission, WorkspaceRights, type Granted } from '@millrace/auth';
import { blobMissing, Blobs, type BlobStat } from '@millrace/blobs';
import type { Clock, Json, Principal } from '@millrace/kernel';
import type { FetchRequest, WorkspaceSources } from '@millrace/language';
import type { Bus, CallContext } from '@millrace/messaging';
import { Log } from '@millrace/observability';
import { Fetcher, type FetchOptions, type FetchOutcome } from '../ports/fetcher';
import { ActiveVersions, ModelSource, type ActiveVersion, type DraftModel, type Freeze } from '../ports/models';
import { Secrets } from '../ports/secrets';
import { Signatures } from '../ports/signatures';
import { Turns } from '../ports/turn';
import { Uploads, type Keeping } from '../ports/uploads';
import type { FileReference, UploadedFile } from '../../domain/upload';
import type { Activations } from '../schedules/ports/activations';

/** Keeps its lines; only what was warned of. */
export class KeptLog extends Log {
  readonly lines: string[] = [];
  override debug(): void {}
  override info(): void {}
  override error(message: string): void {
    this.lines.push(message);
  }
  override warn(message: string): void {
    this.lines.push(message);
  }
}

/** Answers each URL as it was told, and keeps what was asked. */
export class ToldFetcher extends Fetcher {
  readonly asked: { readonly request: FetchRequest; readonly options: FetchOptions }[] = [];
  /** Awaited before the answer of an URL is given. */
  onFetch: (url: string, signal: AbortSignal) => unknown = () => undefined;
  readonly outcomes = new Map<string, FetchOutcome>();

  override async fetch(request: FetchRequest, options: FetchOptions): Promise<FetchOutcome> {
    this.asked.push({ request, options });
    await this.onFetch(request.url, options.signal);
    return this.outcomes.get(request.url) ?? { error: { code: 'runtime.fetch_unreachable', message: 'Nobody is there.' } };
  }

  /** Awaited before the next item of a stream is given. */
  onNext: () => unknown = () => undefined;
  /** Items that streams have left, by handle. */
  readonly streams = new Map<Json, Json[]>();
  /** Runs whose streams were closed. */
  readonly closed: string[] = [];

  override async next(stream: Json): Promise<FetchOutcome> {
    await this.onNext();
    const items = this.streams.get(stream);
    if (items === undefined) return { error: { code: 'runtime.stream_lost' } };
    const item = items.shift();
    return { value: item === undefined ? { end: true } : { item } };
  }

  override closeStreams(run: string): void {
    this.closed.push(run);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What runs where, as it is told. */
export class ToldVersions extends ActiveVersions implements Activations {
  readonly versions = new Map<string, ActiveVersion>();

  override find(workspace: string): Promise<ActiveVersion | undefined> {
    return Promise.resolve(this.versions.get(workspace));
  }

  /** From now on these stand still in every workspace, and nothing else does. */
  freeze(...freezes: readonly Freeze[]): void {
    for (const [name, version] of this.versions) this.versions.set(name, { ...version, freezes });
  }

  follow(changed: (workspaceId: string) => void): () => void {
    for (const id of this.versions.keys()) changed(id);
    return () => undefined;
  }
}

/** The files of versions by digest; the draft is the version `draft`. */
export class KeptSources extends ModelSource {
  readonly versions = new Map<string, WorkspaceSources>();

  override version(_workspaceId: string, digest: string): Promise<WorkspaceSources> {
    const sources = this.versions.get(digest);
    return sources === undefined ? Promise.reject(new Error('no such version')) : Promise.resolve(sources);
  }

  override async draft(workspaceId: string): Promise<DraftModel> {
    return { digest: 'draft-1', sources: await this.version(workspaceId, 'draft') };
  }
}

/** Who may do what: whoever was given a right to do `<action> <subject>`. */
export class ToldRights extends WorkspaceRights {
  /** By id of the principal. */
  readonly rights = new Map<string, readonly string[]>();

  constructor() {
    super(NO_BUS, NO_CLOCK);
  }

  override granted({ principal }: CallContext, workspace: string, action: string, subject: string): Promise<Granted> {
    return Promise.resolve({ id: workspace, slug: workspace, roles: [], permission: this.of(principal, workspace, action, subject) });
  }

  override grantedTo(_context: CallContext, principal: Principal, workspace: string, action: string, subject: string): Promise<Permission> {
    return Promise.resolve(this.of(principal, workspace, action, subject));
  }

  private of(principal: Principal, workspaceId: string, action: string, subject: string): Permission {
    const rules = (this.rights.get(principal.id) ?? []).map((right) => {
      const [verb = '', on = ''] = right.split(' ');
      return { allow: [verb], on: [on] };
    });
    return Permission.of({ principal, workspaceId, now: 0, rules }, action, subject);
  }
}

const NO_BUS = Object.freeze({}) as unknown as Bus;
const NO_CLOCK = Object.freeze({}) as unknown as Clock;

/** Knows the secrets it was told. */
export class ToldSecrets extends Secrets {
  /** By workspace, then by name. */
  readonly values = new Map<string, Readonly<Record<string, string>>>();

  override async resolve(workspaceId: string, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(Object.entries(this.values.get(workspaceId) ?? {}).filter(([name]) => names.includes(name)));
  }
}

/** Keeps what it is given, as files that are called by where their bytes are. */
export class ToldUploads extends Uploads {
  /** Bytes by ref. */
  readonly staged = new Map<string, Uint8Array>();
  readonly kept: (Keeping & { readonly ref: string; readonly owner: string })[] = [];
  readonly discarded: string[] = [];

  override async read({ ref }: UploadedFile): Promise<Uint8Array> {
    const bytes = this.staged.get(ref);
    if (bytes === undefined) throw blobMissing(ref);
    return bytes;
  }

  override async keep(
    { principal }: CallContext,
    { ref, name, size, type, sha256 }: UploadedFile,
    keeping: Keeping,
  ): Promise<FileReference> {
    this.kept.push({ ...keeping, ref, owner: principal.id });
    return { file: `fil_${ref}`, name, size, type, sha256 };
  }

  override async discard({ ref }: UploadedFile): Promise<void> {
    this.discarded.push(ref);
  }
}

/** Believes no signature. */
export class NoSignatures extends Signatures {
  override hold(): boolean {
    return false;
  }
}

/** Yields to nobody but what is already due. Each turn takes as much CPU as is said; none unless it is. */
export class PromisedTurns extends Turns {
  cpu = 0;

  override next(): Promise<void> {
    return Promise.resolve();
  }

  override timed<T>(turn: () => T): { readonly value: T; readonly cpu: number } {
    return { value: turn(), cpu: this.cpu };
  }
}

/** Blobs in memory, as far as runs need them. */
export class MemoryBlobs extends Blobs {
  readonly blobs = new Map<string, Uint8Array>();

  override put(key: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobStat> {
    if (!(bytes instanceof Uint8Array)) return Promise.reject(new Error('streams are not kept here'));
    this.blobs.set(key, bytes);
    return Promise.resolve({ size: bytes.length, sha256: '' });
  }

  override get(): Promise<AsyncIterable<Uint8Array>> {
    return Promise.reject(new Error('nothing is streamed here'));
  }

  override read(key: string): Promise<Uint8Array> {
    const bytes = this.blobs.get(key);
    return bytes === undefined ? Promise.reject(blobMissing(key)) : Promise.resolve(bytes);
  }

  override stat(): Promise<BlobStat | undefined> {
    return Promise.resolve(undefined);
  }

  override remove(key: string): Promise<void> {
    this.blobs.delete(key);
    return Promise.resolve();
  }

  override list(): Promise<readonly string[]> {
    return Promise.resolve([...this.blobs.keys()]);
  }
}

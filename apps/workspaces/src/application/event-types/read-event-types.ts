import type { AskedPage, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { DraftFile } from '../../domain/draft';
import { eventTypeMissing, eventTypeName, eventTypePath, type EventType, type SchemaVersion } from '../../domain/event-types/event-type';
import type { DocumentProblem } from '../../domain/problems';
import { parseTree } from '../../domain/releases';
import { workspaceMissing } from '../../domain/workspace';
import type { Access } from '../access';
import type { Drafts } from '../drafts';
import type { EventTypeDocuments } from '../ports/event-type-documents';
import type { FileStore } from '../ports/file-store';
import type { EventTypeFiles } from './event-type-files';
import type { SchemaVersions } from './schema-versions';

/** An event type as it stands in the draft. */
export interface EventTypeView {
  readonly declared: EventType;
  readonly file: DraftFile;
  /** Number of its schema; 0: none that was published. */
  readonly version: number;
  readonly text?: string;
  readonly problems: readonly DocumentProblem[];
}

/** An event type by the workspace (id or slug) and its own name. */
export interface EventTypeName {
  readonly workspace: string;
  readonly type: string;
}

export interface ReadEventTypesParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly documents: EventTypeDocuments;
  readonly declared: EventTypeFiles;
  readonly versions: SchemaVersions;
}

/** Shows the event types of a draft, and those of a version to who holds events to them. */
export class ReadEventTypes {
  constructor(private readonly parts: ReadEventTypesParts) {}

  async get(context: CallContext, { workspace: name, type }: EventTypeName): Promise<EventTypeView> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'event-types');
    const file = (await this.parts.drafts.read(workspace.id)).files[eventTypePath(type)];
    if (file === undefined) throw eventTypeMissing(type);
    return this.view(workspace.id, type, file);
  }

  /** By name, those after `after`; the cursor is the last name. */
  async list(context: CallContext, name: string, { limit, cursor: after }: AskedPage): Promise<Page<EventTypeView>> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'event-types');
    const { files } = await this.parts.drafts.read(workspace.id);
    const later = Object.entries(files)
      .flatMap(([path, file]) => {
        const type = eventTypeName(path);
        return type === undefined || type <= after ? [] : [{ type, file }];
      })
      .sort((a, b) => (a.type < b.type ? -1 : 1));
    const items = await Promise.all(later.slice(0, limit).map(({ type, file }) => this.view(workspace.id, type, file)));
    const last = items.at(-1);
    return { items, ...(later.length > limit && last !== undefined ? { nextCursor: last.declared.type } : {}) };
  }

  async version(context: CallContext, { workspace: name, type }: EventTypeName, number: number): Promise<SchemaVersion> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'event-types');
    return this.parts.versions.get(workspace.id, type, number);
  }

  /** The types of a version by its digest, for services only. */
  async ofVersion(context: CallContext, workspaceId: string, digest: string): Promise<readonly { type: EventType; version: number }[]> {
    const { files, declared, versions } = this.parts;
    if (context.principal.kind !== 'service') throw workspaceMissing(workspaceId);
    const types = await declared.read(workspaceId, parseTree(await files.get(workspaceId, digest)));
    return Promise.all(types.map(async (type) => ({ type, version: await versions.numberOf(workspaceId, type) })));
  }

  /** An event type as it stands in a file of the draft. */
  async view(workspaceId: string, type: string, file: DraftFile): Promise<EventTypeView> {
    const { files, documents, versions } = this.parts;
    const text = await files.get(workspaceId, file.digest);
    const source = { path: eventTypePath(type), text };
    const declared = documents.read(source);
    return { declared, file, text, version: await versions.numberOf(workspaceId, declared), problems: documents.check(source) };
  }
}

import type { Tree } from '../../domain/releases';
import { eventTypeName, type EventType } from '../../domain/event-types/event-type';
import type { EventTypeDocuments } from '../ports/event-type-documents';
import type { FileStore } from '../ports/file-store';

/** The event types that a tree declares. */
export class EventTypeFiles {
  constructor(
    private readonly files: FileStore,
    private readonly documents: EventTypeDocuments,
  ) {}

  read(workspaceId: string, tree: Pick<Tree[number], 'path' | 'digest'>[] | Tree): Promise<readonly EventType[]> {
    const declared = tree.filter(({ path }) => eventTypeName(path) !== undefined);
    return Promise.all(
      declared.map(async ({ path, digest }) => this.documents.read({ path, text: await this.files.get(workspaceId, digest) })),
    );
  }
}

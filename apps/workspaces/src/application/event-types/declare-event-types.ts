import type { CallContext } from '@millrace/messaging';
import { eventTypeName } from '../../domain/event-types/event-type';
import type { Tree } from '../../domain/releases';
import type { EventTypeDocuments } from '../ports/event-type-documents';
import type { SourceFile } from '../ports/checker';
import type { EventTypeFiles } from './event-type-files';
import type { SchemaVersions } from './schema-versions';

/** Gives schemas their numbers. */
export class DeclareEventTypes {
  constructor(
    private readonly documents: EventTypeDocuments,
    private readonly declared: EventTypeFiles,
    private readonly versions: SchemaVersions,
  ) {}

  /** Of a version that is about to be published. Done again it changes nothing. */
  async run(context: CallContext, workspaceId: string, tree: Tree): Promise<void> {
    await this.versions.declare(context, workspaceId, await this.declared.read(workspaceId, tree));
  }

  /** The number of the schema that a file declares; undefined: it is no event type's. */
  async numberIn(workspaceId: string, file: SourceFile): Promise<number | undefined> {
    if (eventTypeName(file.path) === undefined) return undefined;
    return this.versions.numberOf(workspaceId, this.documents.read(file));
  }
}

import type { CallContext } from '@millrace/messaging';
import type { Tree } from '../../domain/releases';
import type { EventTypeFiles } from './event-type-files';
import type { SchemaVersions } from './schema-versions';

/** Gives the schemas of a version that is about to be published their numbers. Done again it changes nothing. */
export class DeclareEventTypes {
  constructor(
    private readonly declared: EventTypeFiles,
    private readonly versions: SchemaVersions,
  ) {}

  async run(context: CallContext, workspaceId: string, tree: Tree): Promise<void> {
    await this.versions.declare(context, workspaceId, await this.declared.read(workspaceId, tree));
  }
}

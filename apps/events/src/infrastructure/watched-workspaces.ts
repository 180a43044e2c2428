import type { Bucket, Change, Watch } from '@millrace/messaging';
import { WorkspacesWithTypes, type WorkspaceTypes } from '../application/ports/declared-types';

/** What is read of a record of the bucket `active`. */
type ActiveRecord = Omit<WorkspaceTypes, 'unknown'> & { readonly unknownEvents?: WorkspaceTypes['unknown'] };

/** The records of the bucket `active`, followed as they change. */
export class WatchedWorkspaces extends WorkspacesWithTypes {
  private readonly known = new Map<string, WorkspaceTypes>();
  private watch: Watch | undefined;

  /** Resolves when every record there is has been seen. */
  static async follow(bucket: Bucket): Promise<WatchedWorkspaces> {
    const workspaces = new WatchedWorkspaces();
    const { promise, resolve } = Promise.withResolvers<void>();
    workspaces.watch = await bucket.watch('', (change) => workspaces.take(change), resolve);
    await promise;
    return workspaces;
  }

  override find(workspaceId: string): WorkspaceTypes | undefined {
    return this.known.get(workspaceId);
  }

  /** Nest calls it when the service ends. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  private take({ key, value }: Change): void {
    if (value === undefined) {
      this.known.delete(key);
      return;
    }
    const { digest, declares, unknownEvents: unknown = 'allow' } = JSON.parse(Buffer.from(value).toString('utf8')) as ActiveRecord;
    this.known.set(key, { digest, declares, unknown });
  }
}

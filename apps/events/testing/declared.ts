import { DeclaredEvents } from '../src/application/declared/declared-events';
import { DeclaredTypes, WorkspacesWithTypes, type DeclaredType, type WorkspaceTypes } from '../src/application/ports/declared-types';

/** Workspaces whose event types a test sets. */
export class SetTypes extends WorkspacesWithTypes {
  readonly workspaces = new Map<string, WorkspaceTypes>();
  readonly types = new Map<string, readonly DeclaredType[]>();
  /** How often types were asked for. */
  asked = 0;
  /** Why they cannot be had. */
  away: Error | undefined;

  override find(workspaceId: string): WorkspaceTypes | undefined {
    return this.workspaces.get(workspaceId);
  }

  /** From now on a workspace runs a version with these types. */
  declare(workspaceId: string, digest: string, types: readonly DeclaredType[], unknown: WorkspaceTypes['unknown'] = 'allow'): void {
    this.workspaces.set(workspaceId, { digest, declares: types.length > 0, unknown });
    this.types.set(digest, types);
  }

  /** What holds events to them. */
  events(): DeclaredEvents {
    return new DeclaredEvents(this, new SetSource(this));
  }
}

class SetSource extends DeclaredTypes {
  constructor(private readonly set: SetTypes) {
    super();
  }

  override async of(_workspaceId: string, digest: string): Promise<readonly DeclaredType[]> {
    this.set.asked += 1;
    if (this.set.away !== undefined) throw this.set.away;
    return this.set.types.get(digest) ?? [];
  }
}

import type { Collection } from '@millrace/documents';

/** Something that there may be only so much of in each workspace alike. */
export interface Counted {
  readonly name: string;
  readonly most: number;
  readonly count: (workspaceId: string) => Promise<number>;
}

/** The documents of a collection with the workspace in their index `workspace`. */
export function documentsOf<T>(name: string, collection: Collection<T>, most: number): Counted {
  return { name, most, count: (workspaceId) => collection.count({ workspace: workspaceId }) };
}

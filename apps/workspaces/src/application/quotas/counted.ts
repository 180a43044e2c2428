import type { Collection } from '@millrace/documents';
import { DomainError } from '@millrace/kernel';
import { MOST_INSTANCES } from '../../domain/apps/installed';
import { MOST_FILES } from '../../domain/draft';
import { KEPT, type Releases } from '../../domain/releases';
import { MOST_LABELS, MOST_ORIGINS, type Workspace } from '../../domain/workspace';
import type { Mounts } from '../apps/mounts';
import { treeOf } from '../drafting/draft-trees';
import type { Drafts } from '../drafts';

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

/** What a workspace holds itself. */
export interface HeldParts {
  readonly workspaces: Collection<Workspace>;
  readonly releases: Collection<Releases>;
  readonly drafts: Pick<Drafts, 'read'>;
  readonly mounts: Pick<Mounts, 'read' | 'textsIn'>;
}

/** What a workspace says of itself, the files and apps of its draft, and its versions. */
export function heldIn({ workspaces, releases, drafts, mounts }: HeldParts): readonly Counted[] {
  const lengthOf = (list: 'labels' | 'allowedOrigins') => async (id: string) => (await workspaces.find(id))?.document[list]?.length ?? 0;
  const installed = async (id: string): Promise<number> => {
    const texts = mounts.textsIn(id, treeOf(await drafts.read(id)));
    return (await mounts.read(texts).catch(unlessUnreadable)).installed.length;
  };
  return [
    { name: 'apps', most: MOST_INSTANCES, count: installed },
    { name: 'draft-files', most: MOST_FILES, count: async (id) => Object.keys((await drafts.read(id)).files).length },
    { name: 'labels', most: MOST_LABELS, count: lengthOf('labels') },
    { name: 'origins', most: MOST_ORIGINS, count: lengthOf('allowedOrigins') },
    { name: 'versions', most: KEPT, count: async (id) => (await releases.find(id))?.document.versions.length ?? 0 },
  ];
}

/** Of a list of apps that says nothing, none is installed. */
function unlessUnreadable(error: unknown): { readonly installed: readonly never[] } {
  if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
  return { installed: [] };
}

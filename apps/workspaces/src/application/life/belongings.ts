import type { Collection } from '@millrace/documents';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { WorkspaceFile } from '../../domain/files/file';
import type { ChangeFiles } from '../files/change-files';
import type { EgressRecords } from '../ports/egress-records';
import type { UnnamedTexts } from '../ports/unnamed-texts';

/** Something that a workspace keeps, and that goes with it. Removing it again when it is gone is fine. `quietly`: nobody is told, for nobody knew of it. */
export interface Belonging {
  remove(context: CallContext, workspaceId: string, quietly?: boolean): Promise<void>;
}

const PAGE = 200;

/** The documents of a collection with this workspace in their index `workspace`, page by page until none is left. */
export function manyOf<T>(collection: Collection<T>, idOf: (document: T) => string): Belonging {
  return {
    remove: async (_context, workspaceId) => {
      for (;;) {
        const { items } = await collection.page({ where: { workspace: workspaceId }, limit: PAGE });
        for (const { document } of items) await removeFrom(collection, idOf(document));
        if (items.length < PAGE) return;
      }
    },
  };
}

/** The one document of a collection that has the workspace's id. */
export function oneOf<T>(collection: Collection<T>): Belonging {
  return { remove: (_context, workspaceId) => removeFrom(collection, workspaceId) };
}

/** What people uploaded, with its bytes. */
export function filesOf(files: Collection<WorkspaceFile>, change: Pick<ChangeFiles, 'remove'>): Belonging {
  return {
    remove: async (context, workspaceId, quietly) => {
      for (;;) {
        const { items } = await files.page({ where: { workspace: workspaceId }, limit: PAGE });
        for (const { document } of items) await change.remove(context, document, { ifMatch: '*' }, quietly).catch(unlessGone);
        if (items.length < PAGE) return;
      }
    },
  };
}

/** The texts of its draft and its versions. */
export function textsOf(texts: Pick<UnnamedTexts, 'removeAll'>): Belonging {
  return { remove: (_context, workspaceId) => texts.removeAll(workspaceId) };
}

/** What runtimes know of how far it reaches. */
export function egressOf(records: Pick<EgressRecords, 'remove'>): Belonging {
  return { remove: (_context, workspaceId) => records.remove(workspaceId) };
}

async function removeFrom<T>(collection: Collection<T>, id: string): Promise<void> {
  await collection.update(id, () => ({ document: null, events: [] })).catch(unlessGone);
}

/** Another instance was first, or there never was one. */
function unlessGone(error: unknown): void {
  if (!(error instanceof DomainError) || error.refusal !== 'not-found') throw error;
}

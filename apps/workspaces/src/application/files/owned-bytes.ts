import type { Collection } from '@millrace/documents';
import type { WorkspaceFile } from '../../domain/files/file';

/** Whether some file, of whatever workspace, has these bytes. */
export async function isOwned(files: Collection<WorkspaceFile>, ref: string): Promise<boolean> {
  return (await files.page({ where: { bytes: ref }, limit: 1 })).items.length > 0;
}

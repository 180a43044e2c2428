import type { CallContext, NewEvent } from '@millrace/messaging';
import type { WorkspaceFile } from '../../domain/files/file';
import type { Facts } from '../facts';

/** The event that tells what happened to a file. `revision`: the one it has then. */
export function fileFact(
  facts: Facts,
  context: CallContext,
  { what, file, revision }: { readonly what: 'added' | 'updated' | 'removed'; readonly file: WorkspaceFile; readonly revision: number },
): NewEvent {
  const { id, workspaceId, name, type, size } = file;
  return facts.of(context, {
    workspaceId,
    type: `workspaces.files.${what}`,
    payload: { file: id, name, type, size },
    subject: `file/${id}`,
    revision,
  });
}

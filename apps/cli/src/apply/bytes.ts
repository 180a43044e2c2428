import type { MillraceClient } from '@millrace/client';
import { answered } from '../server/answered';

/** The bytes of a file of a draft, text or asset. */
export async function bytesThere(client: MillraceClient, workspaceId: string, path: string): Promise<Uint8Array> {
  const answer = await answered(client.fetch(`${draftOf(workspaceId)}:content?path=${encodeURIComponent(path)}`));
  return new Uint8Array(await answer.arrayBuffer());
}

/** Sends the bytes of an asset, so that an apply may name them by their digest. */
export async function sendBytes(client: MillraceClient, workspaceId: string, bytes: Uint8Array): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  const asked = { method: 'POST', headers, body: Uint8Array.from(bytes) };
  await (await answered(client.fetch(`${draftOf(workspaceId)}:stage-asset`, asked))).arrayBuffer();
}

function draftOf(workspaceId: string): string {
  return `/v1/workspaces/${encodeURIComponent(workspaceId)}/draft`;
}

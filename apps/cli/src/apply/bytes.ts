import { ApiProblem, type MillraceClient } from '@millrace/client';

/** The bytes of a file of a draft, text or asset. */
export async function bytesThere(client: MillraceClient, workspaceId: string, path: string): Promise<Uint8Array> {
  const answer = await client.fetch(`${draftOf(workspaceId)}:content?path=${encodeURIComponent(path)}`);
  if (!answer.ok) throw await problemIn(answer);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Sends the bytes of an asset, so that an apply may name them by their digest. */
export async function sendBytes(client: MillraceClient, workspaceId: string, bytes: Uint8Array): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await client.fetch(`${draftOf(workspaceId)}:stage-asset`, { method: 'POST', headers, body: Uint8Array.from(bytes) });
  if (!answer.ok) throw await problemIn(answer);
  await answer.arrayBuffer();
}

function draftOf(workspaceId: string): string {
  return `/v1/workspaces/${encodeURIComponent(workspaceId)}/draft`;
}

async function problemIn(answer: Response): Promise<ApiProblem> {
  return ApiProblem.of(answer, (await answer.json()) as ConstructorParameters<typeof ApiProblem>[1]);
}

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { misused, Refused } from '../refused';
import { answered } from '../server/answered';
import { onServer, type Server } from '../server/server';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { operand } from '../usage/operand';

/** `millrace versions export`: the archive, byte for byte the same for the same version. */
export const exportVersion = onServer(async (server, invocation, terminal) => {
  const version = operand(invocation, 'The version, by number or id');
  return exported(server, { workspaceId: server.workspace(), version }, invocation, terminal);
});

/** `millrace workspaces export`: the version that runs. */
export const exportWorkspace = onServer(async (server, invocation, terminal) => {
  const [workspaceId = server.workspace()] = invocation.operands;
  const { activeVersion } = await server.api.workspaces.getWorkspace({ workspaceId });
  if (activeVersion?.id !== undefined) return exported(server, { workspaceId, version: activeVersion.id }, invocation, terminal);
  throw new Refused('cli.no_version', 'not-found', 'No version of the workspace runs.', 'millrace versions publish');
});

async function exported(
  { client }: Server,
  { workspaceId, version }: { readonly workspaceId: string; readonly version: string },
  invocation: Invocation,
  { folder, notes }: Terminal,
): Promise<number> {
  const file = invocation.value('out');
  if (file === undefined) throw misused('Into which file?', 'add --out hotel.zip');
  const format = /\.(?:tar\.gz|tgz)$/.test(file) ? 'tar.gz' : 'zip';
  const place = `/v1/workspaces/${encodeURIComponent(workspaceId)}/versions/${encodeURIComponent(version)}`;
  const answer = await answered(client.fetch(`${place}:export?format=${format}${invocation.on('apps') ? '&apps=true' : ''}`));
  const bytes = Buffer.from(await answer.arrayBuffer());
  writeFileSync(resolve(folder, file), bytes);
  if (!invocation.on('quiet')) notes.write(`${bytes.length} bytes in ${file}.\n`);
  return 0;
}

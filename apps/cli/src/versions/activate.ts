import { Refused } from '../refused';
import { onServer } from '../server/server';
import type { Server } from '../server/server';
import { operand } from '../usage/operand';
import { printVersion } from './versions';

/** `millrace versions activate`. */
export const activateVersion = onServer(async ({ api, workspace }, invocation, { output }) => {
  const version = operand(invocation, 'The version, by number or id');
  printVersion(await api.versions.activateVersion({ workspaceId: workspace(), version }), invocation, output);
  return 0;
});

/** `millrace rollback`. */
export const performRollback = onServer(async (server, invocation, { output }) => {
  const workspaceId = server.workspace();
  const version = invocation.operands[0] ?? (await versionBefore(server, workspaceId));
  printVersion(await server.api.versions.activateVersion({ workspaceId, version }), invocation, output);
  return 0;
});

/** The newest version that is older than the one that runs. */
async function versionBefore({ api }: Server, workspaceId: string): Promise<string> {
  const { activeVersion } = await api.workspaces.getWorkspace({ workspaceId });
  const active = activeVersion?.number ?? 0;
  for await (const version of api.workspaces.listVersions.each({ workspaceId })) {
    if (version.number < active) return String(version.number);
  }
  throw new Refused('cli.no_version_before', 'not-found', 'There is no version before the one that runs.', 'millrace versions list');
}

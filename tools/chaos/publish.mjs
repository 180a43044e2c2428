import { WorkspacesService } from '@millrace/contracts';

/**
 * Makes a workspace with these automations that run; answers its id.
 * @param {import('./victims/victim.mjs').Victim} victim
 * @param {string} name
 * @param {Record<string, string>} sources slug → source
 */
export async function publish(victim, name, sources) {
  const client = await victim.client();
  const created = await client.call(WorkspacesService.method.createWorkspace, { name });
  const { id: workspaceId } = /** @type {{ id: string }} */ (created);
  for (const [slug, source] of Object.entries(sources)) {
    await client.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source });
  }
  await client.call(WorkspacesService.method.publishVersion, { workspaceId });
  return workspaceId;
}

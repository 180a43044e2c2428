import type { Api, AnswerOf } from '@millrace/client';
import { confirmed } from '../server/confirm';
import { momentText, printList, printOne } from '../server/print';
import { onServer } from '../server/server';
import type { Channel } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { operand } from '../usage/operand';

type Workspace = AnswerOf<Api['workspaces']['getWorkspace']>;

/** `millrace workspaces list`. */
export const listWorkspaces = onServer(async ({ api }, invocation, terminal) => {
  await printList(
    api.workspaces.listWorkspaces.each(),
    {
      columns: [
        { heading: 'slug', cell: ({ slug }) => slug },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'role', cell: ({ role }) => role },
        { heading: 'state', cell: ({ state }) => state },
        { heading: 'version', cell: ({ activeVersion }) => activeVersion?.number },
        { heading: 'id', cell: ({ id }) => id, wide: true },
        { heading: 'updated', cell: ({ updatedAt }) => momentText(updatedAt), wide: true },
      ],
      name: ({ slug = '' }) => slug,
      empty: 'You belong to no workspace. Next: millrace workspaces create NAME',
    },
    invocation,
    terminal,
  );
  return 0;
});

/** `millrace workspaces show`. */
export const showWorkspace = onServer(async ({ api, workspace }, invocation, { output }) => {
  const [workspaceId = workspace()] = invocation.operands;
  print(await api.workspaces.getWorkspace({ workspaceId }), invocation, output);
  return 0;
});

/** `millrace workspaces create`. */
export const createWorkspace = onServer(async ({ api }, invocation, { output }) => {
  const [slug, description] = [invocation.value('slug'), invocation.value('description')];
  const created = await api.workspaces.createWorkspace({
    name: operand(invocation, 'The name of the workspace'),
    ...(slug === undefined ? {} : { slug }),
    ...(description === undefined ? {} : { description }),
  });
  print(created, invocation, output);
  return 0;
});

/** `millrace workspaces delete`. */
export const deleteWorkspace = onServer(async ({ api }, invocation, terminal) => {
  const workspaceId = operand(invocation, 'The workspace');
  const { slug = workspaceId, etag } = await api.workspaces.getWorkspace({ workspaceId });
  await confirmed('The workspace', slug, invocation, terminal);
  await api.workspaces.deleteWorkspace({ workspaceId, ...(etag === undefined ? {} : { ifMatch: `"${etag}"` }) });
  if (!invocation.on('quiet')) terminal.notes.write(`\`${slug}\` is deleted.\n`);
  return 0;
});

function print(workspace: Workspace, invocation: Invocation, output: Channel): void {
  const { activeVersion } = workspace;
  printOne(
    workspace,
    [
      ['slug', workspace.slug],
      ['id', workspace.id],
      ['name', workspace.name],
      ['description', workspace.description],
      ['state', workspace.state],
      ['role', workspace.role],
      ['version', activeVersion === undefined ? 'none is published' : `${activeVersion.number} ${activeVersion.digest ?? ''}`],
      ['created', momentText(workspace.createdAt)],
      ['updated', momentText(workspace.updatedAt)],
    ],
    invocation,
    output,
  );
}

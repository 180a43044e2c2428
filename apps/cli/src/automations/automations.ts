import { resolve } from 'node:path';
import { ApiProblem } from '@millrace/client';
import type { Api, RequestOf } from '@millrace/client';
import { textOf } from '../folder/disk';
import { confirmed } from '../server/confirm';
import { printList, printOne } from '../server/print';
import { onServer } from '../server/server';
import { formatOf } from '../usage/format';
import { operand } from '../usage/operand';

/** `millrace automations list`. */
export const listAutomations = onServer(async ({ api, workspace }, invocation, terminal) => {
  await printList(
    api.workspaces.listAutomations.each({ workspaceId: workspace() }),
    {
      columns: [
        { heading: 'slug', cell: ({ slug }) => slug },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'events', cell: ({ listens }) => listens.join(', ') },
        { heading: 'endpoint', cell: ({ endpoint }) => endpoint },
        { heading: 'disabled', cell: ({ disabled }) => (disabled ? 'disabled' : '') },
        { heading: 'labels', cell: ({ labels }) => labels.join(', '), wide: true },
        { heading: 'digest', cell: ({ digest }) => digest?.slice(0, 12), wide: true },
      ],
      name: ({ slug = '' }) => slug,
      empty: 'The draft has no automations. Next: millrace automations put greet greet.yaml',
    },
    invocation,
    terminal,
  );
  return 0;
});

/** `millrace automations show`: its document, or all that is known of it in another format. */
export const showAutomation = onServer(async ({ api, workspace }, invocation, { output }) => {
  const slug = operand(invocation, 'The automation');
  const automation = await api.workspaces.getAutomation({ workspaceId: workspace(), slug });
  if (['text', 'table', 'wide'].includes(formatOf(invocation))) output.write(automation.source ?? '');
  else printOne(automation, [['slug', slug]], invocation, output);
  return 0;
});

/** `millrace automations put`. */
export const putAutomation = onServer(async ({ api, workspace }, invocation, { folder, input, output }) => {
  const [slug, file] = [operand(invocation, 'The slug of the automation'), operand(invocation, 'The file', 1)];
  const source = file === '-' ? await input.text() : textOf(resolve(folder, file), file);
  const place = { workspaceId: workspace(), slug };
  const revision = invocation.value('if-match') ?? (await revisionOf(api, place));
  const condition = revision === undefined ? { ifNoneMatch: '*' } : { ifMatch: `"${revision}"` };
  const automation = await api.workspaces.putAutomation({ ...place, source, ...condition });
  const problems = automation.problems.map(({ line, message = '' }) => `${file}:${line} ${message}`);
  printOne(
    automation,
    [
      ['slug', automation.slug],
      ['digest', automation.digest],
      ['revision', automation.etag],
      ['problems', problems.join('\n')],
    ],
    invocation,
    output,
  );
  return 0;
});

/** The revision that is there; undefined when there is no such automation yet. */
async function revisionOf({ workspaces }: Api, place: RequestOf<Api['workspaces']['getAutomation']>): Promise<string | undefined> {
  try {
    return (await workspaces.getAutomation(place)).etag;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'workspaces.automation_not_found') return undefined;
    throw error;
  }
}

/** `millrace automations enable`. */
export const enableAutomation = switched(false);

/** `millrace automations disable`. */
export const disableAutomation = switched(true);

function switched(disabled: boolean) {
  return onServer(async ({ api, workspace }, invocation, { output }) => {
    const place = { workspaceId: workspace(), slug: operand(invocation, 'The automation') };
    const { etag } = await api.workspaces.getAutomation(place);
    const condition = etag === undefined ? {} : { ifMatch: `"${etag}"` };
    const automation = await api.workspaces.updateAutomation({ ...place, disabled, ...condition });
    printOne(
      automation,
      [
        ['slug', automation.slug],
        ['disabled', disabled ? 'yes' : 'no'],
      ],
      invocation,
      output,
    );
    return 0;
  });
}

/** `millrace automations usages`. */
export const listAutomationUsages = onServer(async ({ api, workspace }, invocation, terminal) => {
  const slug = operand(invocation, 'The automation');
  const { items } = await api.workspaces.listAutomationUsages({ workspaceId: workspace(), slug });
  await printList(
    items,
    {
      columns: [
        { heading: 'place', cell: ({ file, line, column }) => `${file}:${line}:${column}` },
        { heading: 'kind', cell: ({ kind }) => kind },
      ],
      name: ({ file, line, column }) => `${file}:${line}:${column}`,
      empty: `Nothing in the draft names \`${slug}\`.`,
    },
    invocation,
    terminal,
  );
  return 0;
});

/** `millrace automations delete`. */
export const deleteAutomation = onServer(async ({ api, workspace }, invocation, terminal) => {
  const slug = operand(invocation, 'The automation');
  const { etag } = await api.workspaces.getAutomation({ workspaceId: workspace(), slug });
  await confirmed('The automation', slug, invocation, terminal);
  await api.workspaces.deleteAutomation({ workspaceId: workspace(), slug, ...(etag === undefined ? {} : { ifMatch: `"${etag}"` }) });
  if (!invocation.on('quiet')) terminal.notes.write(`\`${slug}\` is deleted from the draft.\n`);
  return 0;
});

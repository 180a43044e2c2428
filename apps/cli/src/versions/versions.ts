import type { Api, AnswerOf } from '@millrace/client';
import { momentText, printList, printOne } from '../server/print';
import { onServer } from '../server/server';
import type { Channel } from '../terminal/terminal';
import type { Invocation } from '../usage/command';

type Version = AnswerOf<Api['workspaces']['publishVersion']>;

/** `millrace versions list`. */
export const listVersions = onServer(async ({ api, workspace }, invocation, terminal) => {
  const workspaceId = workspace();
  const { activeVersion } = await api.workspaces.getWorkspace({ workspaceId });
  await printList(
    api.workspaces.listVersions.each({ workspaceId }),
    {
      columns: [
        { heading: '', cell: ({ id }) => (id === activeVersion?.id ? '*' : '') },
        { heading: 'version', cell: (version) => version.number },
        { heading: 'published', cell: ({ publishedAt }) => momentText(publishedAt) },
        { heading: 'digest', cell: ({ digest }) => digest?.slice(0, 12) },
        { heading: 'changes', cell: ({ changes }) => changes },
        { heading: 'message', cell: ({ message }) => message },
        { heading: 'author', cell: ({ author }) => author, wide: true },
        { heading: 'id', cell: ({ id }) => id, wide: true },
      ],
      name: (version) => String(version.number),
      empty: 'Nothing is published. Next: millrace versions publish',
    },
    invocation,
    terminal,
  );
  return 0;
});

/** `millrace versions publish`. */
export const publishVersion = onServer(async ({ api, workspace }, invocation, { output }) => {
  const message = invocation.value('message') ?? '';
  printVersion(await api.workspaces.publishVersion({ workspaceId: workspace(), message }), invocation, output);
  return 0;
});

/** Prints a version. */
export function printVersion(version: Version, invocation: Invocation, output: Channel): void {
  printOne(
    version,
    [
      ['version', version.number],
      ['id', version.id],
      ['digest', version.digest],
      ['message', version.message],
      ['author', version.author],
      ['published', momentText(version.publishedAt)],
      ['changes', version.changes],
      ['problems', version.problems.map(({ file, line, message }) => `${file ?? ''}:${line} ${message ?? ''}`).join('\n')],
    ],
    invocation,
    output,
  );
}

import type { AnswerOf, Api } from '@millrace/client';
import { momentText, printOne } from '../server/print';
import { onServer } from '../server/server';
import { harmless, paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';
import { formatOf } from '../usage/format';
import { operand } from '../usage/operand';

type FileDifference = AnswerOf<Api['versions']['diffVersions']>['files'][number];

const SIGNS: Readonly<Record<string, string>> = { created: '+', changed: '~', removed: '-', added: '+', moved: '>' };

/** `millrace versions show`. */
export const showVersion = onServer(async ({ api, workspace }, invocation, { output }) => {
  const found = await api.versions.getVersion({ workspaceId: workspace(), version: operand(invocation, 'The version, by number or id') });
  const { version, files, active } = found;
  printOne(
    found,
    [
      ['version', version?.number],
      ['id', version?.id],
      ['digest', version?.digest],
      ['message', version?.message],
      ['author', version?.author],
      ['published', momentText(version?.publishedAt)],
      ['runs', active ? 'yes' : 'no'],
      ...files.map(({ path = '', size }, index) => [index === 0 ? 'files' : '', `${path}  ${size} bytes`] as const),
    ],
    invocation,
    output,
  );
  return 0;
});

/** `millrace versions diff`: what is different in another version or, without one, in the draft. Exit code 1 when something is. */
export const diffVersions = onServer(async ({ api, workspace }, invocation, { output }) => {
  const version = operand(invocation, 'The version, by number or id');
  const [, other = 'draft'] = invocation.operands;
  const found = await api.versions.diffVersions({ workspaceId: workspace(), version, with: other });
  if (['text', 'table', 'wide'].includes(formatOf(invocation))) {
    for (const file of found.files) output.write(fileText(file, output));
  } else {
    printOne(found, [['files', found.files.map(({ path }) => path).join('\n')]], invocation, output);
  }
  return found.files.length === 0 ? 0 : 1;
});

/** `millrace versions checkout`: makes the draft what a version is. */
export const checkoutVersion = onServer(async ({ api, workspace }, invocation, { output, notes }) => {
  const version = operand(invocation, 'The version, by number or id');
  const done = await api.versions.checkoutVersion({ workspaceId: workspace(), version, exclude: invocation.values('exclude') });
  const lines = (['created', 'changed', 'removed'] as const).flatMap((kind) => done[kind].map((path) => `${SIGNS[kind] ?? ''} ${path}`));
  printOne(done, [['files', lines.join('\n')]], invocation, output);
  if (lines.length === 0 && !invocation.on('quiet')) notes.write('The draft is that already.\n');
  return 0;
});

function fileText({ path = '', kind = '', changes, text = '' }: FileDifference, output: Channel): string {
  const meant = changes.map((change) => `  ${SIGNS[change.kind ?? ''] ?? '~'} ${harmless(`${change.of ?? ''} ${change.path ?? ''}`)}\n`);
  const head = `${paint(output, 'bold', `${SIGNS[kind] ?? '~'} ${harmless(path)}`)}\n`;
  return `${head}${meant.join('')}${text === '' ? '' : linesText(text, output)}`;
}

function linesText(text: string, output: Channel): string {
  const painted = text.split('\n').map((line) => {
    const shown = harmless(line);
    if (line.startsWith('+')) return paint(output, 'green', shown);
    return line.startsWith('-') ? paint(output, 'red', shown) : shown;
  });
  return `${painted.join('\n').trimEnd()}\n`;
}

import { createHash } from 'node:crypto';
import { DomainError } from '@millrace/kernel';
import type { HandedFile } from './gathered-sources';

/**
 * The files as they come, checked when the last has come: those of the workspace itself must be the ones that its digest stands for
 * (`runtime.model_damaged`). What is installed in it is named by them.
 */
export async function* verified<F extends HandedFile>(files: AsyncIterable<F>, digest: string): AsyncGenerator<F> {
  const lines: { readonly path: string; readonly line: string }[] = [];
  for await (const file of files) {
    const { path, instance, app } = file;
    if (instance === '' && app === undefined) lines.push({ path, line: lineOf(file) });
    yield file;
  }
  const tree = lines.sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ line }) => line);
  const found = digestOf(tree.join(''));
  if (found !== digest) throw damaged(digest, found);
}

/** A file as trees of versions name it: digest, bytes and path. */
function lineOf({ path, text, digest = '', size = 0 }: HandedFile): string {
  return digest === '' ? `${digestOf(text)} ${Buffer.byteLength(text)} ${path}\n` : `${digest} ${size} ${path}\n`;
}

function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function damaged(digest: string, found: string): DomainError {
  return new DomainError(
    'runtime.model_damaged',
    'unavailable',
    `The files of the version ${digest} came as ${found}. They are fetched again when it is next asked for.`,
    {
      facts: { digest, found },
    },
  );
}

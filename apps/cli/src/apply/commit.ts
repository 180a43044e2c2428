import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SHA = /^[0-9a-f]{40,64}$/;

/** The commit that is checked out around a folder; undefined outside of git, or when it cannot be told without git. */
export function commitOf(folder: string): string | undefined {
  const git = join(folder, '.git');
  const parent = dirname(folder);
  if (!existsSync(git)) return parent === folder ? undefined : commitOf(parent);
  const head = lineOf(join(git, 'HEAD'));
  const ref = /^ref: (.+)$/.exec(head ?? '')?.[1];
  const commit = ref === undefined ? head : (lineOf(join(git, ref)) ?? packed(git, ref));
  return commit !== undefined && SHA.test(commit) ? commit : undefined;
}

function packed(git: string, ref: string): string | undefined {
  const line = textOf(join(git, 'packed-refs'))
    ?.split('\n')
    .find((one) => one.endsWith(` ${ref}`));
  return line?.split(' ')[0];
}

function lineOf(file: string): string | undefined {
  return textOf(file)?.split('\n')[0]?.trim();
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

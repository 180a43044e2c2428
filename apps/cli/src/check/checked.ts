import { join } from 'node:path';
import { check } from '@millrace/language';
import type { Problem } from '@millrace/language';
import { pathFrom } from '../folder/disk';
import { knownAt } from '../folder/known';
import { asOneFile } from '../folder/one-file';
import { sourcesOf, textsIn } from '../folder/sources';
import { targetAt } from '../folder/target';
import type { Part } from '../folder/target';

/** What was found at a path. */
export interface Checked {
  /** The path as it was written. */
  readonly path: string;
  /** In order of files and places; files count from the folder that the command was typed in. */
  readonly problems: readonly Problem[];
  /** The texts that were looked at, by the same names. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Checks what paths stand for. A workspace that several paths mean is checked once. */
export function checkPaths(paths: readonly string[], folder: string): readonly Checked[] {
  const known = new Map<string, Checked>();
  return paths.map((path) => {
    const { parts } = targetAt(path, folder);
    const found = parts.map((part) => narrowed(whole(part, folder, known), part, folder));
    return {
      path,
      problems: found.flatMap(({ problems }) => problems),
      texts: new Map(found.flatMap(({ texts }) => [...texts])),
    };
  });
}

function whole(part: Part, folder: string, known: Map<string, Checked>): Checked {
  const key = [part.root, ...part.files.map(({ file }) => file)].join('\0');
  const before = known.get(key);
  if (before !== undefined) return before;
  const sources = sourcesOf(part);
  const one = asOneFile(part);
  const name = (file: string): string => pathFrom(folder, join(part.root, file));
  const found = check(sources, knownAt(part));
  const problems = (one === undefined ? found : [...one.torn, ...found.map(one.placed)].sort(byPlace)).map((problem) => ({
    ...problem,
    file: name(problem.file),
  }));
  const texts = new Map((one === undefined ? textsIn(sources) : [one]).map(({ file, text }) => [name(file), text]));
  const checked = { path: part.root, problems, texts };
  known.set(key, checked);
  return checked;
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

function narrowed({ path, problems, texts }: Checked, { root, asked }: Part, folder: string): Checked {
  const wanted = (shown: string): boolean => asked(pathFrom(root, join(folder, shown)));
  return {
    path,
    problems: problems.filter(({ file }) => wanted(file)),
    texts: new Map([...texts].filter(([file]) => wanted(file))),
  };
}

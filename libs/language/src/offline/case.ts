import { DomainError } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Problem } from '../problems/problem';
import { parseYaml } from '../read/parse-yaml';
import { problemIn } from '../read/report';
import { entryOf, mapOf, textChild, valueOf } from '../read/tree';
import type { MapTree, Tree } from '../read/tree';
import { didYouMean } from '../shapes/nearest';

/** One case: an evaluation (`expr`), a run (`start`), else a check. */
export interface Case {
  readonly id: string;
  readonly kind: 'evaluation' | 'run' | 'check';
  readonly value: JsonMap;
  /** The case with the places of its values in the file it was read from. */
  readonly tree: MapTree;
}

const COMMON = ['id', 'note', 'basis', 'expected', 'error', 'missing', 'now', 'seed', 'timeZone', 'locale', 'compat'];
const KEYS: Readonly<Record<Case['kind'], readonly string[]>> = {
  evaluation: [...COMMON, 'expr', 'kind', 'vars'],
  run: [...COMMON, 'automations', 'files', 'start', 'contexts', 'effects', 'apps', 'principal', 'dispatch'],
  check: [...COMMON, 'automations', 'files', 'apps', 'known'],
};
const LARGEST = 32 * 1024 * 1024;

/** Reads one case or a list of them, YAML or JSON. Refuses with `language.document_invalid` what cannot be read, and unknown keys. */
export function readCases(text: string, file: string): readonly Case[] {
  const { tree, problems } = parseYaml(text, file, LARGEST);
  if (tree === undefined || problems.length > 0) throw unreadable(problems);
  return tree.kind === 'list' ? tree.items.map(caseOf) : [caseOf(tree, 0)];
}

function caseOf(tree: Tree, index: number): Case {
  if (tree.kind !== 'map') throw unreadable([problemIn('value-type', tree, 'A case is a map.')]);
  const kind = entryOf(tree, 'expr') !== undefined ? 'evaluation' : entryOf(tree, 'start') !== undefined ? 'run' : 'check';
  for (const { key, at } of tree.entries) {
    if (key.startsWith('$') || KEYS[kind].includes(key)) continue;
    throw unreadable([
      problemIn('key-unknown', at, `The key \`${key}\` means nothing in a case of this kind.${didYouMean(key, KEYS[kind])}`),
    ]);
  }
  return { id: textChild(tree, 'id') ?? String(index), kind, value: mapOf(tree), tree };
}

/** The plain value at a key of a case. */
export function partOf(one: Case, key: string): Json | undefined {
  const entry = entryOf(one.tree, key);
  return entry === undefined ? undefined : valueOf(entry.value);
}

function unreadable(problems: readonly Problem[]): DomainError {
  const [first] = problems;
  const message = first === undefined ? 'There are no cases.' : `${first.file}:${first.line}:${first.column} ${first.message}`;
  return new DomainError('language.document_invalid', 'invalid', message);
}

import { join } from 'node:path';
import { read } from '@millrace/language';
import type { Problem, WorkspaceSources } from '@millrace/language';
import { isMap as isYamlMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { textOf } from './disk';
import { imported } from './imported';
import type { Part } from './target';

/** A workspace that is one file: the `runtime.yml` of an archive of Prisme.ai. */
export interface OneFile {
  readonly file: string;
  readonly text: string;
  /** The documents it holds, each as if it were a file of its own. */
  readonly sources: WorkspaceSources;
  /** What keeps the file itself from being read. */
  readonly torn: readonly Problem[];
  /** The same problem where the author sees it: in the one file, at the entry it is about. */
  readonly placed: (problem: Problem) => Problem;
}

/** The one file that a workspace is; undefined for one that has automations as files. */
export function asOneFile({ root, files }: Part): OneFile | undefined {
  const whole = files.find(({ role }) => role === 'runtime');
  if (whole === undefined || files.some(({ role }) => role === 'automation')) return undefined;
  const { file } = whole;
  const text = textOf(join(root, file), file);
  const torn = read(text, file).problems.filter(({ code, severity }) => code.startsWith('yaml-') && severity === 'error');
  return { file, text, sources: unpacked(text), torn, placed: (problem) => placedIn(text, file, problem) };
}

function unpacked(text: string): WorkspaceSources {
  const { files } = imported({ 'runtime.yml': text });
  const below = (folder: string): WorkspaceSources['automations'] =>
    Object.entries(files).flatMap(([file, inner]) => (file.startsWith(`${folder}/`) ? [{ file, text: inner }] : []));
  const document = (file: string): readonly [] | readonly [{ file: string; text: string }] => {
    const inner = files[file];
    return inner === undefined ? [] : [{ file, text: inner }];
  };
  const [workspace] = document('workspace.yaml');
  const [installed] = document('apps.yaml');
  return {
    automations: below('automations'),
    events: below('events'),
    ...(workspace === undefined ? {} : { workspace }),
    ...(installed === undefined ? {} : { installed }),
  };
}

/** A fix edits the unpacked text, so it is left out. */
function placedIn(text: string, file: string, { fix: _, ...problem }: Problem): Problem {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent', lineCounter: lines });
  const keys = [...prefixOf(problem.file), ...problem.path.split('/').slice(1).map(unescaped)];
  const [start, end] = rangeOf(document.contents, keys) ?? [0, 0];
  const [from, to] = [lines.linePos(start), lines.linePos(Math.max(start, end))];
  return { ...problem, file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
}

/** Where in the one file an unpacked document stands. */
function prefixOf(file: string): readonly string[] {
  const [, folder = '', name = ''] = /^(automations|events)\/(.+)\.ya?ml$/.exec(file) ?? [];
  if (folder === 'events') return ['events', 'types', name];
  if (folder === 'automations') return ['automations', name];
  return file === 'apps.yaml' ? ['imports'] : [];
}

/** The place of what keys lead to – of an entry its key, of an item itself – or of the nearest thing above it that is there. */
function rangeOf(node: Node | null, [key, ...rest]: readonly string[]): readonly [number, number] | undefined {
  if (key === undefined) return undefined;
  if (isYamlMap<Node, Node | null>(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    const at = pair?.key.range;
    return pair === undefined || at == null ? undefined : (rangeOf(pair.value, rest) ?? [at[0], at[1]]);
  }
  const item = isSeq<Node>(node) ? node.items[Number(key)] : undefined;
  const at = item?.range;
  return item === undefined || at == null ? undefined : (rangeOf(item, rest) ?? [at[0], at[1]]);
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

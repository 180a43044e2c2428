import type { Json } from '@millrace/kernel';
import type { Problem } from '../problems/problem';
import { nearest } from '../shapes/nearest';
import type { Field, Fields, Shape } from '../shapes/shape';
import { problemIn, withEdit } from './report';
import { isNull } from './tree';
import type { MapEntry, MapTree, Tree } from './tree';

/** The required keys that a map lacks, each with the repair of writing it. A key that was misspelt has a repair of its own. */
export function missingKeys(tree: MapTree, fields: Fields): readonly Problem[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.required !== true) return [];
    const entry = tree.entries.find(({ key }) => key === name);
    if (entry !== undefined && (field.nullable === true || !isNull(entry.value))) return [];
    const problem = missing(tree, name, field);
    if (entry !== undefined || tree.entries.some(({ key }) => isMisspelt(key, name, fields))) return [problem];
    return [withEntry(problem, tree, name, field.shape)];
  });
}

function missing(tree: MapTree, name: string, { is }: Field): Problem {
  const at: Tree = tree.entries[0]?.at ?? tree;
  const meaning = is.charAt(0).toLowerCase() + is.slice(1);
  return { ...problemIn('key-missing', at, `The key \`${name}\` is missing: ${meaning}.`), path: tree.pointer };
}

function isMisspelt(key: string, name: string, fields: Fields): boolean {
  return !Object.hasOwn(fields, key) && nearest(key, Object.keys(fields)) === name;
}

/** The same problem with the repair of writing a key at the beginning of a map. */
export function withEntry(problem: Problem, map: MapTree, name: string, shape: Shape): Problem {
  const { file, start, entries } = map;
  const title = `Add ${name}`;
  const first = entries[0]?.at;
  const written = `${first?.style === 'double' ? JSON.stringify(name) : name}: ${JSON.stringify(stubOf(shape))}`;
  if (file.text.charAt(start) === '{') {
    const at = first?.start ?? start + 1;
    return withEdit(problem, title, { file, start: at, end: at }, first === undefined ? ` ${written} ` : `${written}, `);
  }
  if (first === undefined || file.text === '') return problem;
  const indentation = ' '.repeat(file.position(first.start).column - 1);
  return withEdit(problem, title, { file, start: first.start, end: first.start }, `${written}\n${indentation}`);
}

/** The same problem with the repair of writing a body behind the name of an instruction that has none. */
export function withBody(problem: Problem, { at, value }: MapEntry, fields: Readonly<Record<string, Shape>>): Problem {
  const { file, start, end } = value;
  const names = Object.keys(fields);
  const colon = file.text.slice(at.end, start).indexOf(':');
  if (names.length === 0 || colon < 0) return problem;
  const body = Object.entries(fields)
    .map(([name, shape]) => `${name}: ${JSON.stringify(stubOf(shape))}`)
    .join(', ');
  const title = `Add ${names.join(', ')}`;
  const behind = at.end + colon + 1;
  return start === end
    ? withEdit(problem, title, { file, start: behind, end: behind }, ` { ${body} }`)
    : withEdit(problem, title, { file, start, end }, `{ ${body} }`);
}

/** What an author fills in: the least value of a shape. */
function stubOf(shape: Shape): Json {
  if (shape.kind === 'text') return shape.values?.[0] ?? '';
  if (shape.kind === 'number') return shape.least ?? 0;
  return STUBS[shape.kind];
}

const STUBS = {
  either: '',
  any: '',
  raw: '',
  path: '',
  expression: '',
  duration: '1m',
  boolean: false,
  block: [],
  list: [],
  map: {},
  branches: {},
};

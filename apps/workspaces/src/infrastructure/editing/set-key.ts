import { DomainError } from '@millrace/kernel';
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parse, parseDocument, stringify, type Document, type Pair, type YAMLMap } from 'yaml';
import type { SourceFile } from '../../application/ports/checker';
import { replaceAll, type Replacement } from './places';
import { READING, writtenAt } from './yaml-ranges';

type Value = string | boolean | readonly string[];

/** What comes before what, where both are new. */
const ORDER: readonly string[] = ['name', 'description', 'labels', 'disabled'];
export const PRINTING = { lineWidth: 0, singleQuote: true } as const;

/** The text with the key set to the value, and nothing else changed; of a text by language, the first language. */
export function setKey({ path, text }: SourceFile, key: string, value: Value): string {
  const document = parseDocument(text, READING);
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents)) throw unreadable(path);
  if (path.endsWith('.json')) return asJson(document, key, value);
  const next = edited(text, contents, key, value);
  return next !== undefined && isSet(next, text, key, value) ? next : reprinted(document, key, value);
}

/** The name as it stands there, quotes and all, is now this one. */
export function quotedLike(written: string, name: string): string {
  const [quote = ''] = written;
  if (quote === "'" || quote === '"') return quote + name + quote;
  return inline(name);
}

function edited(text: string, map: YAMLMap, key: string, value: Value): string | undefined {
  if (map.flow === true) return undefined;
  const pair = map.items.find((each) => isScalar(each.key) && each.key.value === key);
  const replacement = pair === undefined ? inserted(text, map, `${key}: ${inline(value)}\n`) : replaced(text, pair, value);
  return replacement === undefined ? undefined : replaceAll(text, [replacement]);
}

function replaced(text: string, { value: node }: Pair, value: Value): Replacement | undefined {
  const target = isMap(node) && typeof value === 'string' ? node.items[0]?.value : node;
  const [written] = writtenAt((target as { range?: [number, number, number] } | undefined)?.range);
  if (written === undefined) return undefined;
  const gap = written.start > 0 && text[written.start - 1] === ':' ? ' ' : '';
  const end = text.slice(written.start, written.end).endsWith('\n') ? '\n' : '';
  return { ...written, text: gap + inline(value) + end };
}

/** Below the last of what a document says of itself first; else above all keys. */
function inserted(text: string, map: YAMLMap, line: string): Replacement | undefined {
  const said = map.items.findLast(({ key }) => isScalar(key) && ORDER.includes(String(key.value)));
  if (said === undefined) {
    const [first] = map.items;
    const [at] = isScalar(first?.key) ? writtenAt(first.key.range) : [];
    return at === undefined ? undefined : { start: at.start, end: at.start, text: line };
  }
  const [written] = writtenAt((said.value as { range?: [number, number, number] } | null)?.range);
  if (written === undefined) return undefined;
  const isAtLine = text[written.end - 1] === '\n';
  const after = isAtLine ? written.end : text.indexOf('\n', written.end) + 1;
  return after === 0 ? { start: text.length, end: text.length, text: `\n${line}` } : { start: after, end: after, text: line };
}

function isSet(next: string, before: string, key: string, value: Value): boolean {
  const read = (text: string): Record<string, unknown> => parse(text, READING) as Record<string, unknown>;
  const was = read(before)[key];
  const wanted = typeof value === 'string' && typeof was === 'object' && was !== null ? withFirst(was, value) : value;
  try {
    return isDeepStrictEqual(read(next), { ...read(before), [key]: wanted });
  } catch {
    return false;
  }
}

function withFirst(texts: object, value: string): object {
  const [first = ''] = Object.keys(texts);
  return { ...texts, [first]: value };
}

/** JSON has no layout that somebody would miss. */
function asJson(document: Document, key: string, value: Value): string {
  document.set(key, document.createNode(value));
  return `${JSON.stringify(document.toJS(), undefined, 2)}\n`;
}

/** Laid out anew, where no place for the value was found: comments and order stay. */
function reprinted(document: Document, key: string, value: Value): string {
  document.set(key, document.createNode(value));
  return document.toString(PRINTING);
}

function inline(value: Value): string {
  if (typeof value === 'object') return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'string' && /[\n\r]/.test(value)) return JSON.stringify(value);
  return stringify(value, PRINTING).trimEnd();
}

/** Nobody changes what nobody can read. */
export function unreadable(path: string): DomainError {
  return new DomainError(
    'workspaces.document_unreadable',
    'conflict',
    `${path} cannot be read, so nothing in it can be changed. Put it right first.`,
    {
      facts: { path },
    },
  );
}

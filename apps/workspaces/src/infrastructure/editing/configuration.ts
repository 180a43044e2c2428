import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonMap } from '@millrace/kernel';
import { isMap, isNode, parseDocument, type Document } from 'yaml';
import type { SourceFile } from '../../application/ports/checker';
import type { Configuration } from '../../application/ports/document-edits';
import { plainOf } from '../plain-yaml';
import { PRINTING, unreadable } from './set-key';
import { READING } from './yaml-ranges';

export function configurationIn(file: SourceFile): Configuration {
  const document = documentOf(file);
  return { schema: mapAt(document, 'schema'), value: mapAt(document, 'value') };
}

/** Only what differs is written, so that comments beside the rest stay. */
export function withConfiguration(file: SourceFile, wanted: Configuration): string {
  const document = documentOf(file);
  const before = configurationIn(file);
  if (isDeepStrictEqual(before, wanted)) return file.text;
  if (!isMap(document.get('config'))) document.set('config', document.createNode({}));
  setMap(document, ['config', 'schema'], before.schema, wanted.schema);
  setMap(document, ['config', 'value'], before.value, wanted.value);
  return document.toString(PRINTING);
}

function setMap(document: Document, path: readonly string[], before: JsonMap, after: JsonMap): void {
  if (!isMap(document.getIn(path))) document.setIn(path, document.createNode({}));
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) document.deleteIn([...path, key]);
  for (const [key, value] of Object.entries(after)) {
    // A plain value set bare keeps the comment beside the one before.
    if (!isDeepStrictEqual(before[key], value))
      document.setIn([...path, key], typeof value === 'object' ? document.createNode(value) : value);
  }
}

function mapAt(document: Document, key: string): JsonMap {
  const node = document.getIn(['config', key]);
  const value = isNode(node) ? (node.toJSON() as Json) : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

function documentOf({ path, text }: SourceFile): Document {
  const document = parseDocument(text, READING);
  if (plainOf(document) === undefined || !isMap(document.contents)) throw unreadable(path);
  return document;
}

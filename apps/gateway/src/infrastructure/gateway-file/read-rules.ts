import { DomainError } from '@millrace/kernel';
import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { composeRules } from '../../application/policies/compose-rules';
import type { GatewayRules } from '../../application/policies/rules';
import { gatewayFile } from './schema';

/** What is said of a value that has another form altogether. */
const OF_FORM: ReadonlySet<string | undefined> = new Set(['invalid_type', 'invalid_value']);
/** Characters of a file. */
const LONGEST = 1_000_000;

/** The rules that a text of `gateway.yaml` makes. Refuses (`gateway.file_invalid`) with all that is wrong, each with line and column. */
export function readRules(text: string, file: string): GatewayRules {
  if (text.length > LONGEST) throw invalid(file, [`${file}: is longer than ${LONGEST} characters.`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0)
    throw invalid(
      file,
      document.errors.map(({ message, pos }) => `${placeOf(file, lines, pos[0])} ${message}`),
    );
  const parsed = gatewayFile.safeParse(contentOf(document, file));
  if (parsed.success) return composeRules(parsed.data);
  throw invalid(
    file,
    parsed.error.issues.flatMap((issue) => told(issue, document)).map(({ at, text: what }) => `${placeOf(file, lines, at)} ${what}`),
  );
}

function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    throw invalid(file, [`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

interface Told {
  /** Character of the file. */
  readonly at: number;
  readonly text: string;
}

function told(issue: z.core.$ZodIssue, document: Document): readonly Told[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ at: keyAt(document, path, key), text: `${[...path, key].join('.')}: there is no such key.` }));
  }
  // Of several forms that a value may have, the one that was meant says more than that none fits.
  const meant =
    issue.code === 'invalid_union' ? issue.errors.find(([first]) => first !== undefined && !OF_FORM.has(first.code)) : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => told({ ...inner, path: [...path, ...inner.path] }, document));
  return [{ at: valueAt(document, path), text: `${path.join('.') || 'The file'}: ${issue.message}` }];
}

function valueAt(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}

function keyAt(document: Document, path: readonly PropertyKey[], key: string): number {
  const map: unknown = document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isNode(item.key) && String(item.key) === key) : undefined;
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : valueAt(document, path);
}

function placeOf(file: string, lines: LineCounter, at: number): string {
  const { line, col } = lines.linePos(at);
  return `${file}:${line}:${col}`;
}

function invalid(file: string, problems: readonly string[]): DomainError {
  return new DomainError('gateway.file_invalid', 'invalid', `${file} cannot be used:\n  ${problems.join('\n  ')}`);
}

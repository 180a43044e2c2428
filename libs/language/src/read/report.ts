import type { Span } from '../problems/language-error';
import type { Fix, Problem, Severity } from '../problems/problem';
import { offsetIn } from './text/locate';
import type { TextFile } from './text/text-file';
import type { Tree } from './tree';

/** A stretch of a file, and the value of the document it belongs to. */
interface Stretch {
  readonly file: TextFile;
  readonly start: number;
  readonly end: number;
  readonly pointer?: string;
}

/** A problem between two offsets of a file. */
export function problemAt(code: string, { file, start, end, pointer }: Stretch, message: string): Problem {
  const from = file.position(start);
  const to = file.position(Math.max(start, end));
  return {
    code,
    severity: 'error',
    file: file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    path: pointer ?? '',
    message,
  };
}

/** A problem about a value of a document, or about a span of its text. */
export function problemIn(code: string, tree: Tree, message: string, span?: Span): Problem {
  return problemAt(code, stretchOf(tree, span), message);
}

function stretchOf(tree: Tree, span: Span | undefined): Stretch {
  const { file, pointer } = tree;
  if (span === undefined || tree.kind !== 'scalar') return { file, pointer, start: tree.start, end: tree.end };
  const start = offsetIn(tree, span.at);
  return { file, pointer, start, end: Math.max(start, offsetIn(tree, Math.max(span.at, span.end - 1)) + 1) };
}

/** The same problem, less severe. */
export function withSeverity(problem: Problem, severity: Severity): Problem {
  return { ...problem, severity };
}

/** The same problem with a repair: `text` in place of a stretch of the file. */
export function withEdit(problem: Problem, title: string, { file, start, end }: Stretch, text: string): Problem {
  const from = file.position(start);
  const to = file.position(end);
  const fix: Fix = { title, edits: [{ line: from.line, column: from.column, endLine: to.line, endColumn: to.column, text }] };
  return { ...problem, fix };
}

/** The same problem with the repair of replacing a value, or a span of its text. Quotes around it stay. */
export function withReplacement(problem: Problem, tree: Tree, text: string, span?: Span): Problem {
  return withEdit(problem, `Replace by ${text}`, stretchOf(tree, span ?? insideQuotes(tree)), text);
}

function insideQuotes(tree: Tree): Span | undefined {
  if (tree.kind !== 'scalar' || (tree.style !== 'single' && tree.style !== 'double')) return undefined;
  return { at: 0, end: String(tree.value).length };
}

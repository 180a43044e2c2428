import type { Span } from '../problems/language-error';
import type { Fix, Problem, Severity } from '../problems/problem';
import { offsetIn } from './locate';
import type { TextFile } from './text-file';
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
  const inside = span !== undefined && tree.kind === 'scalar';
  const start = inside ? offsetIn(tree, span.at) : tree.start;
  const end = inside ? Math.max(start, offsetIn(tree, Math.max(span.at, span.end - 1)) + 1) : tree.end;
  return problemAt(code, { file: tree.file, start, end, pointer: tree.pointer }, message);
}

/** The same problem, less severe. */
export function withSeverity(problem: Problem, severity: Severity): Problem {
  return { ...problem, severity };
}

/** The same problem with the repair of replacing what it points at. */
export function withReplacement(problem: Problem, text: string): Problem {
  const { line, column, endLine, endColumn } = problem;
  const fix: Fix = { title: `Replace by ${text}`, edits: [{ line, column, endLine, endColumn, text }] };
  return { ...problem, fix };
}

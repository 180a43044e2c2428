export type Severity = 'error' | 'warning' | 'hint';

/** One replacement in a file: the text between the two positions becomes `text`. Lines and columns count from 1. */
export interface Edit {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** A repair an editor can offer. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/**
 * Something about a document that its author should know. An `error` keeps a version from being published. Lines and columns count from 1,
 * columns in UTF-16 units; the end is exclusive. `path` is a JSON Pointer into the document.
 */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly path: string;
  readonly message: string;
  readonly fix?: Fix;
}

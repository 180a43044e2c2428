import { DomainError } from '@millrace/kernel';

/** Something wrong with a document, as `libs/language` tells it. */
export interface DocumentProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'hint';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

const SHOWN = 50;

/** The document has errors, and what was there before stays in force. Each error names its file, line and column. */
export function documentRefused(problems: readonly DocumentProblem[]): DomainError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const place = ({ file, line, column, message }: DocumentProblem): string => `${file}:${line}:${column}: ${message}`;
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new DomainError(
    'workspaces.document_invalid',
    'invalid',
    `${first === undefined ? 'The document has errors.' : place(first)}${rest}`,
    {
      errors: errors.slice(0, SHOWN).map((problem) => ({ pointer: problem.path, code: problem.code, detail: place(problem) })),
    },
  );
}

/** There is nothing of that name in the draft. */
export function automationMissing(slug: string): DomainError {
  return new DomainError('workspaces.automation_not_found', 'not-found', `There is no automation "${slug}" in this workspace.`, {
    facts: { slug },
  });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** By route, then by outcome (`403 runs.read_denied`): who is answered so. */
export type Matrix = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const FILE = fileURLToPath(new URL('matrix.yaml', import.meta.url));

const HEAD = `# Who is answered what, on every call that has a route: by route, then by status and code of the answer.
#
# The requests pass every check of their message and name nothing that is there, so only rights tell one caller from another: 404 with the
# code of an object, 412 and 428 are answers to who may do it. \`viewer\` to \`owner\` have that role in the workspace; \`everyone\` calls about one
# where everybody may read schedules; \`key\` and \`token\` may read topics and nothing else; the others are strangers with a role of the platform.
#
# \`MILLRACE_MATRIX=write\` before the spec writes this file anew, to be formatted after: read each line of the difference before you commit it.
`;

export function readMatrix(): Matrix {
  return (parse(readFileSync(FILE, 'utf8')) as Matrix | null) ?? {};
}

export function writeMatrix(matrix: Matrix): void {
  const row = (outcomes: Matrix[string]): string =>
    Object.entries(outcomes)
      .map(([outcome, principals]) => `  ${outcome}: [${principals.join(', ')}]\n`)
      .join('');
  const rows = Object.entries(matrix).map(([route, outcomes]) => `${route}:\n${row(outcomes)}`);
  writeFileSync(FILE, `${HEAD}\n${rows.join('')}`);
}

/** Outcomes by principal as a row: those answered alike stand together. */
export function rowOf(outcomes: ReadonlyMap<string, string>): Matrix[string] {
  const row: Record<string, string[]> = {};
  for (const [principal, outcome] of outcomes) (row[outcome] ??= []).push(principal);
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Who is answered what, by principal. */
export function outcomesOf(row: Matrix[string]): ReadonlyMap<string, string> {
  return new Map(Object.entries(row).flatMap(([outcome, principals]) => principals.map((principal) => [principal, outcome] as const)));
}

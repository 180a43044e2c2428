import { dissect } from '@millrace/language';
import type { Piece } from '@millrace/language';
import { harmless } from '../terminal/paint';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { evaluate, isBare } from './evaluation';
import type { Question } from './evaluation';
import { printEvaluation } from './report';

/** What a text fails with that cannot be taken apart. */
const UNREADABLE: ReadonlySet<string> = new Set(['language.expression_syntax', 'language.expression_limit', 'language.reference_syntax']);

/** Prints how a text is read (`--ast`) and of which type each piece of it is (`--types`). The exit code is 1 when it cannot be read. */
export function showPieces(question: Question, invocation: Invocation, terminal: Terminal): number {
  const { text, condition, vars } = question;
  const result = evaluate(question);
  const asJson = formatOf(invocation) === 'json';
  if (!result.ok && UNREADABLE.has(result.code)) {
    if (asJson) printJson(result.printed, terminal.output);
    else printEvaluation(text, result, terminal);
    return 1;
  }
  const pieces = dissect(text, condition || isBare(text) ? 'expression' : 'template', asRead(vars));
  const columns = { ast: invocation.on('ast'), types: invocation.on('types') };
  if (asJson) printJson({ id: '0', pieces: pieces.map((piece) => printed(piece, columns)) }, terminal.output);
  else terminal.output.write(table(pieces.flatMap((piece) => rowsOf(piece, columns))));
  return 0;
}

interface Columns {
  readonly ast: boolean;
  readonly types: boolean;
}

/** The variables as a case has them. */
function asRead(vars: Question['vars']): Parameters<typeof dissect>[2] {
  return JSON.parse(JSON.stringify(vars)) as Parameters<typeof dissect>[2];
}

function printed({ kind, source, at, end, is, type, pieces }: Piece, columns: Columns): object {
  return {
    ...(columns.ast ? { kind, ...is } : {}),
    ...(columns.types ? { type } : {}),
    source,
    at,
    end,
    pieces: pieces.map((piece) => printed(piece, columns)),
  };
}

/** The piece and those below it, indented: what it is, then its source on one line. */
function rowsOf(piece: Piece, columns: Columns, depth = 0): readonly (readonly string[])[] {
  const { kind, is, type, source, pieces } = piece;
  const indent = '  '.repeat(depth);
  const mark = is['operator'] ?? is['name'] ?? (is['negated'] === true ? 'not' : undefined);
  const what = typeof mark === 'string' ? `${kind} ${mark}` : kind;
  const row = [
    ...(columns.ast ? [`${indent}${what}`] : []),
    ...(columns.types ? [type] : []),
    `${columns.ast ? '' : indent}${harmless(source.replaceAll(/\s+/g, ' '))}`,
  ];
  return [row, ...pieces.flatMap((inner) => rowsOf(inner, columns, depth + 1))];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

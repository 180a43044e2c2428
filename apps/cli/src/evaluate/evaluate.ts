import { playCases } from '../cases/cases';
import { dataFrom, mapIn } from '../data/read';
import { misused } from '../refused';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { evaluate } from './evaluation';
import type { Question } from './evaluation';
import { showPieces } from './pieces';
import { printEvaluation } from './report';

/** Flags that ask for the pieces of an expression in place of its value. */
const DISSECTING = ['ast', 'types'];

/** `millrace eval`. */
export const performEval: Perform = async (invocation, terminal) => {
  const [text] = invocation.operands;
  if (text === undefined && !terminal.input.isTerminal) return evaluateCases(invocation, terminal);
  const around = { condition: invocation.on('condition'), vars: await variables(invocation, terminal) };
  if (DISSECTING.some((flag) => invocation.on(flag))) return showPieces({ text: named(text), ...around }, invocation, terminal);
  if (text === undefined) return converse(around, terminal);
  const result = evaluate({ text, ...around });
  if (formatOf(invocation) === 'json') printJson(result.printed, terminal.output);
  else printEvaluation(text, result, terminal);
  return result.ok ? 0 : 1;
};

function named(text: string | undefined): string {
  if (text !== undefined) return text;
  throw misused('Which EXPR?', "write it: millrace eval '1 + 2' --ast");
}

async function evaluateCases(invocation: Invocation, terminal: Terminal): Promise<number> {
  const spare = ['with', 'condition', ...DISSECTING].find((flag) => invocation.on(flag));
  if (spare === undefined) return playCases(invocation, terminal);
  throw misused(`\`--${spare}\` goes with an EXPR; a case says so itself.`, "write the expression: millrace eval '{{a}} + 1' …");
}

async function variables(invocation: Invocation, terminal: Terminal): Promise<Question['vars']> {
  const file = invocation.value('with');
  return file === undefined ? {} : mapIn(await dataFrom(file, terminal), file);
}

/** Evaluates each line that is typed, until there are no more. */
async function converse(around: Omit<Question, 'text'>, terminal: Terminal): Promise<number> {
  const { notes, input } = terminal;
  notes.write('Each line is evaluated; Ctrl-D ends.\n> ');
  for await (const text of input.lines()) {
    if (text.trim() !== '') printEvaluation(text, evaluate({ text, ...around }), terminal);
    notes.write('> ');
  }
  notes.write('\n');
  return 0;
}

import { playCases } from '../cases/cases';
import { valueText } from '../data/value';
import { excerptOf } from '../check/excerpt';
import { dataFrom, mapIn } from '../data/read';
import { misused } from '../refused';
import { tellFailure } from '../terminal/tell';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { evaluate } from './evaluation';
import type { Evaluation, Question } from './evaluation';

/** `millrace eval`. */
export const performEval: Perform = async (invocation, terminal) => {
  const [text] = invocation.operands;
  if (text === undefined && !terminal.input.isTerminal) return evaluateCases(invocation, terminal);
  const around = { condition: invocation.on('condition'), vars: await variables(invocation, terminal) };
  if (text === undefined) return converse(around, terminal);
  const result = evaluate({ text, ...around });
  if (formatOf(invocation) === 'json') printJson(result.printed, terminal.output);
  else show(text, result, terminal);
  return result.ok ? 0 : 1;
};

async function evaluateCases(invocation: Invocation, terminal: Terminal): Promise<number> {
  const spare = ['with', 'condition'].find((flag) => invocation.on(flag));
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
    if (text.trim() !== '') show(text, evaluate({ text, ...around }), terminal);
    notes.write('> ');
  }
  notes.write('\n');
  return 0;
}

function show(text: string, result: Evaluation, { output, notes }: Terminal): void {
  if (!result.ok) {
    const { line, column } = result;
    tellFailure(result, excerptOf({ line, column, endLine: line, endColumn: column + 1 }, text, notes), notes);
  } else if (result.missing) notes.write('missing: there is no value.\n');
  else output.write(`${valueText(result.value, 2)}\n`);
}

import { excerptOf } from '../check/excerpt';
import { valueText } from '../data/value';
import { tellFailure } from '../terminal/tell';
import type { Terminal } from '../terminal/terminal';
import type { Evaluation } from './evaluation';

/** Prints what a text came to for a person: the value where data goes; what is missing or failed, and where, on the notes channel. */
export function printEvaluation(text: string, result: Evaluation, { output, notes }: Terminal): void {
  if (!result.ok) {
    const { line, column } = result;
    tellFailure(result, excerptOf({ line, column, endLine: line, endColumn: column + 1 }, text, notes), notes);
  } else if (result.missing) notes.write('missing: there is no value.\n');
  else output.write(`${valueText(result.value, 2)}\n`);
}

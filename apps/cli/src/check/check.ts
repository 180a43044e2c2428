import type { Problem } from '@millrace/language';
import { playCases } from '../cases/cases';
import { misused } from '../refused';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { readVersion } from '../version/version';
import { checkPaths } from './checked';
import type { Checked } from './checked';
import { problemsText, summary } from './report';
import { sarif } from './sarif';

/** `millrace check`. */
export const performCheck: Perform = async (invocation, terminal) => {
  const { operands } = invocation;
  if (operands.includes('-')) return checkCases(invocation, terminal);
  const paths = operands.length === 0 ? ['.'] : operands;
  const checked = checkPaths(paths, terminal.folder);
  print(checked, invocation, terminal);
  const failed = checked.some(({ problems }) => problems.some(({ severity }) => severity === 'error'));
  return failed ? 1 : 0;
};

async function checkCases(invocation: Invocation, terminal: Terminal): Promise<number> {
  if (invocation.operands.length > 1) {
    throw misused('`-` stands for cases on standard input and cannot be mixed with paths.', 'check the paths in a command of their own.');
  }
  if (formatOf(invocation) === 'sarif') throw misused('Cases are not printed as SARIF.', 'use --json.');
  return playCases(invocation, terminal);
}

function print(checked: readonly Checked[], invocation: Invocation, { output }: Terminal): void {
  const format = formatOf(invocation);
  if (format === 'json') {
    const results = checked.map(({ path, problems }) => ({ id: path, problems }));
    printJson(results.length === 1 ? results[0] : results, output);
    return;
  }
  const problems = once(checked.flatMap((one) => one.problems));
  if (format === 'sarif') {
    printJson(sarif(problems, readVersion(import.meta.dirname)), output);
    return;
  }
  const texts = new Map(checked.flatMap((one) => [...one.texts]));
  const quiet = invocation.on('quiet');
  output.write(problemsText(quiet ? problems.filter(({ severity }) => severity === 'error') : problems, texts, output));
  if (!quiet) output.write(summary(problems, texts.size));
}

/** Each problem once, also where paths overlap. */
function once(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem);
    return !seen.has(key) && seen.add(key);
  });
}

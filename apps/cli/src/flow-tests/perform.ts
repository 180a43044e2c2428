import { join } from 'node:path';
import { pathFrom } from '../folder/disk';
import { targetAt } from '../folder/target';
import { counted, harmless, paint } from '../terminal/paint';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { flowTestsIn } from './flow-test';
import type { FlowTest } from './flow-test';
import { judge } from './judge';
import type { Verdict } from './judge';

const TEST = /\.test\.(?:ya?ml|json)$/;

/** `millrace test`. The exit code is 1 when a case does not pass. */
export const performTest: Perform = async (invocation, terminal) => {
  const paths = invocation.operands.length === 0 ? ['.'] : invocation.operands;
  const verdicts = paths.flatMap((path) => testsAt(path, terminal.folder)).map(judge);
  if (formatOf(invocation) === 'json') printJson(verdicts.map(printed), terminal.output);
  else tell(verdicts, invocation, terminal);
  return verdicts.some(({ unmet }) => unmet.length > 0) ? 1 : 0;
};

/** The cases of the test files that a path means, files named from the folder that was typed in. */
function testsAt(path: string, folder: string): readonly FlowTest[] {
  return targetAt(path, folder).parts.flatMap((part) =>
    part.files
      .filter(({ file, role }) => role === 'tests' && TEST.test(file) && part.asked(file))
      .flatMap(({ file }) => flowTestsIn(part, file))
      .map((test) => ({ ...test, file: pathFrom(folder, join(part.root, test.file)) })),
  );
}

function printed({ test: { file, name }, unmet }: Verdict): object {
  return { file, name, passed: unmet.length === 0, unmet };
}

function tell(verdicts: readonly Verdict[], invocation: Invocation, { output, notes }: Terminal): void {
  const quiet = invocation.on('quiet');
  for (const { test, unmet } of verdicts) {
    const title = harmless(`${test.file}  ${test.name}`);
    if (unmet.length > 0) output.write(`${paint(output, ['red', 'bold'], 'FAIL')} ${title}\n${lines(unmet)}`);
    else if (!quiet) output.write(`${paint(output, 'green', 'ok')}   ${title}\n`);
  }
  const failed = verdicts.filter(({ unmet }) => unmet.length > 0).length;
  if (!quiet) notes.write(`${counted(verdicts.length, 'case')}: ${verdicts.length - failed} passed, ${failed} failed.\n`);
}

function lines(unmet: readonly string[]): string {
  return unmet.map((sentence) => `     ${harmless(sentence)}\n`).join('');
}

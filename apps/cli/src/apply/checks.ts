import { checkPaths } from '../check/checked';
import { problemsText } from '../check/report';
import { performTest } from '../flow-tests/perform';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';

/** A command that is typed with nothing behind it. */
const BARE: Invocation = { operands: [], on: (flag) => flag === 'quiet', value: () => undefined, values: () => [] };

/** Whether a workspace passes its checks and its tests; what does not is told on the notes channel. */
export async function passes(root: string, terminal: Terminal, skipTests: boolean): Promise<boolean> {
  const quiet = { ...terminal, folder: root, output: terminal.notes };
  const checked = checkPaths(['.'], root);
  const errors = checked.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'));
  if (errors.length > 0) {
    const texts = new Map(checked.flatMap((one) => [...one.texts]));
    terminal.notes.write(problemsText(errors, texts, terminal.notes));
    return false;
  }
  return skipTests || (await performTest(BARE, quiet)) === 0;
}

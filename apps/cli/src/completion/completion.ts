import { misused } from '../refused';
import type { Command, Perform } from '../usage/command';
import { didYouMean } from '../usage/nearest';
import { bashScript } from './bash';
import { fishScript } from './fish';
import { zshScript } from './zsh';

const SCRIPTS: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `millrace completion`: the script that makes a shell complete commands, flags and their values. */
export function completionOf(commands: readonly Command[]): Perform {
  return async ({ operands: [shell] }, { output }) => {
    const shells = Object.keys(SCRIPTS);
    const next = `it is one of ${shells.join(', ')}.`;
    if (shell === undefined) throw misused('For which shell?', next);
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined) throw misused(`There is no completion for \`${shell}\`.${didYouMean(shell, shells)}`, next);
    output.write(script(commands));
    return 0;
  };
}

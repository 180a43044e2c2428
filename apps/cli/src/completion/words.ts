import type { Command, Flag } from '../usage/command';
import { firstWords, verbsOf } from '../usage/find-command';

/** All spellings of a flag: `--output`, `-o`. */
export function spellings({ name, short }: Flag): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** The words that may stand first behind a command's name, when they can be told; undefined when files go there. */
export function operandWords(command: Command, commands: readonly Command[]): readonly string[] | undefined {
  if (command.name === 'help') return firstWords(commands);
  return command.operandWords ?? (command.mostOperands === 0 ? [] : undefined);
}

/** A text between single quotes of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The nouns, each with its verbs. */
export function nounsOf(commands: readonly Command[]): readonly { readonly noun: string; readonly verbs: readonly string[] }[] {
  return firstWords(commands).flatMap((noun) => {
    const verbs = verbsOf(commands, noun);
    return verbs.length === 0 ? [] : [{ noun, verbs }];
  });
}

import type { Command, Flag } from '../usage/command';

/** All spellings of a flag: `--output`, `-o`. */
export function spellings({ name, short }: Flag): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** The words that may stand first behind a command's name, when they can be told; undefined when files go there. */
export function operandWords(command: Command, commands: readonly Command[]): readonly string[] | undefined {
  if (command.name === 'help') return commands.map(({ name }) => name);
  return command.operandWords ?? (command.mostOperands === 0 ? [] : undefined);
}

/** A text between single quotes of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

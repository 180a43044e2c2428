import type { Command, Flag } from '../usage/command';
import { nounsOf, operandWords } from './words';

/** Completion for fish: `millrace completion fish | source`. */
export function fishScript(commands: readonly Command[]): string {
  const alone = commands.filter(({ name }) => !name.includes(' '));
  const first = alone.map(({ name, does }) => line('__fish_use_subcommand', `-f -a ${name} -d ${quoted(does)}`));
  const nouns = nounsOf(commands).flatMap(({ noun, verbs }) => [
    line('__fish_use_subcommand', `-f -a ${noun}`),
    line(`${seen(noun)}; and not ${seen(verbs.join(' '))}`, `-f -a ${quoted(verbs.join(' '))}`),
  ]);
  return [
    '# Completion of millrace for fish: millrace completion fish | source',
    ...first,
    ...nouns,
    ...commands.flatMap((command) => linesOf(command, commands)),
    '',
  ].join('\n');
}

function linesOf(command: Command, commands: readonly Command[]): readonly string[] {
  const here = command.name.split(' ').map(seen).join('; and ');
  const words = operandWords(command, commands);
  return [
    ...command.flags.map((flag) => line(here, flagSpec(flag))),
    ...(words === undefined ? [] : [line(here, words.length === 0 ? '-f' : `-f -a ${quoted(words.join(' '))}`)]),
  ];
}

function seen(words: string): string {
  return `__fish_seen_subcommand_from ${words}`;
}

function line(condition: string, rest: string): string {
  return `complete -c millrace -n ${quoted(condition)} ${rest}`;
}

function flagSpec({ name, short, value, values, does }: Flag): string {
  const taken = value === undefined ? [] : values === undefined ? ['-r'] : ['-x', '-a', quoted(values.join(' '))];
  return ['-l', name, ...(short === undefined ? [] : ['-s', short]), ...taken, '-d', quoted(does)].join(' ');
}

/** A text between single quotes of fish, where a backslash escapes. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`;
}

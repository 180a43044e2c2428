import { misused } from '../refused';
import type { Command } from './command';
import { didYouMean } from './nearest';

/** The command that words begin with, of one word or two, and what stands behind it. Refuses an unknown one and says which is near. */
export function commandIn(
  commands: readonly Command[],
  [first = '', ...behind]: readonly string[],
): { readonly command: Command; readonly words: readonly string[] } {
  const [second = '', ...further] = behind;
  const pair = commands.find(({ name }) => name === `${first} ${second}`);
  if (pair !== undefined) return { command: pair, words: further };
  const single = commands.find(({ name }) => name === first);
  if (single !== undefined) return { command: single, words: behind };
  throw unknown(commands, first, second);
}

/** The verbs of a noun; none for a command that stands alone. */
export function verbsOf(commands: readonly Command[], noun: string): readonly string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${noun} `) ? [name.slice(noun.length + 1)] : []));
}

/** The first words of all commands, each once, in the order of the table. */
export function firstWords(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map(({ name }) => name.replace(/ .*/, '')))];
}

function unknown(commands: readonly Command[], first: string, second: string): Error {
  const verbs = verbsOf(commands, first);
  if (verbs.length === 0) {
    return misused(`There is no command \`${first}\`.${didYouMean(first, firstWords(commands))}`, '`millrace help` lists the commands.');
  }
  const next = `behind it stands one of ${verbs.join(', ')}; \`millrace help ${first}\` says more.`;
  if (second === '' || second.startsWith('-')) return misused(`\`millrace ${first}\` does nothing by itself.`, next);
  return misused(`There is no command \`${first} ${second}\`.${didYouMean(second, verbs)}`, next);
}

import { misused } from '../refused';
import { paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';
import type { Command, Flag, Perform } from './command';
import { didYouMean } from './nearest';

const EXIT_CODES =
  'Exit codes: 0 done · 1 the thing itself failed · 2 written wrong or unreadable · 3 not there · 4 not allowed · 8 a fault of ours.';

/** `millrace help`: all commands, or more of one. */
export function helpOn(commands: readonly Command[]): Perform {
  return async ({ operands: [name] }, { output }) => {
    output.write(name === undefined ? overview(commands, output) : commandHelp(commandNamed(commands, name), output));
    return 0;
  };
}

/** The command of that name. Refuses an unknown one and says which is near. */
export function commandNamed(commands: readonly Command[], name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const known = commands.map((command) => command.name);
  throw misused(`There is no command \`${name}\`.${didYouMean(name, known)}`, '`millrace help` lists the commands.');
}

/** All there is to know of one command, examples first. */
export function commandHelp(command: Command, channel: Channel): string {
  const { name, operands, does, examples, flags, more = [] } = command;
  return page(
    [paint(channel, 'bold', ['millrace', name, operands].filter(Boolean).join(' ')), `${does}.`],
    section(
      'Examples',
      examples.flatMap(({ line, shows }) => [`  ${paint(channel, 'dim', `# ${shows}`)}`, `  ${line}`]),
      channel,
    ),
    section('Flags', table(flags.map((flag) => [spelled(flag), flag.does])), channel),
    more,
  );
}

function overview(commands: readonly Command[], channel: Channel): string {
  const first = commands.flatMap(({ examples: [example] }) => (example === undefined ? [] : [[example.line, example.shows] as const]));
  return page(
    [`${paint(channel, 'bold', 'millrace')} – automations, checked and tried where you write them`],
    section('Examples', table(first), channel),
    section('Commands', table(commands.map(({ name, operands, does }) => [`${name} ${operands}`, does])), channel),
    ['`millrace help COMMAND` says more of one.', EXIT_CODES],
  );
}

function page(...blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[], channel: Channel): readonly string[] {
  return lines.length === 0 ? [] : [paint(channel, 'bold', title), ...lines];
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function spelled({ name, short, value }: Flag): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

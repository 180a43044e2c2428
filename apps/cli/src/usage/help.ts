import { paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';
import type { Command, Flag, Perform } from './command';
import { commandIn, firstWords, verbsOf } from './find-command';

const EXIT_CODES =
  'Exit codes: 0 done · 1 the thing itself failed · 2 written wrong or unreadable · 3 not there · 4 not allowed · 5 conflict · 6 too much, or time ran out · 7 nobody answers · 8 a fault of ours · 10 there are changes · 130 interrupted.';

/** `millrace help`: all commands, those of a noun, or more of one. */
export function helpOn(commands: readonly Command[]): Perform {
  return async ({ operands: [first, ...more] }, { output }) => {
    if (first === undefined) output.write(overview(commands, output));
    else if (more.length === 0 && verbsOf(commands, first).length > 0) output.write(nounHelp(commands, first, output));
    else output.write(commandHelp(commandIn(commands, [first, ...more]).command, output));
    return 0;
  };
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
  const alone = commands.filter(({ name }) => !name.includes(' '));
  const first = alone.flatMap(({ examples: [example] }) => (example === undefined ? [] : [[example.line, example.shows] as const]));
  return page(
    [`${paint(channel, 'bold', 'millrace')} – automations, checked and tried where you write them, and what a server does with them`],
    section('Examples', table(first), channel),
    section('Commands', table(alone.map(({ name, operands, does }) => [`${name} ${operands}`, does])), channel),
    section('On a server', table(firstWords(commands).flatMap((noun) => nounRow(commands, noun))), channel),
    ['`millrace help COMMAND` says more of one.', EXIT_CODES],
  );
}

function nounRow(commands: readonly Command[], noun: string): readonly (readonly [string, string])[] {
  const verbs = verbsOf(commands, noun);
  return verbs.length === 0 ? [] : [[noun, verbs.join(', ')]];
}

function nounHelp(commands: readonly Command[], noun: string, channel: Channel): string {
  const own = commands.filter(({ name }) => name.startsWith(`${noun} `));
  const examples = own.flatMap(({ examples: [example] }) => (example === undefined ? [] : [[example.line, example.shows] as const]));
  return page(
    [paint(channel, 'bold', `millrace ${noun}`)],
    section('Examples', table(examples), channel),
    section('Commands', table(own.map(({ name, operands, does }) => [`${name} ${operands}`, does])), channel),
    [`\`millrace help ${noun} VERB\` says more of one.`],
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

import { parseArgs } from 'node:util';
import { misused } from '../refused';
import type { Command, Flag, Invocation } from './command';
import { didYouMean } from './nearest';

type OptionToken = Extract<NonNullable<ReturnType<typeof parseArgs>['tokens']>[number], { kind: 'option' }>;

/** Reads what stands behind a command's name. Refuses unknown flags, flags without their value, and one operand too many. */
export function parse(command: Command, words: readonly string[]): Invocation {
  const { tokens } = parseArgs({ args: [...words], options: optionsOf(command), strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    else if (token.kind === 'option') given.set(token.name, [...(given.get(token.name) ?? []), valueOf(command, token)]);
  }
  const spare = operands[command.mostOperands];
  if (spare !== undefined) throw misused(`\`millrace ${command.name}\` does not take \`${spare}\`.`, hintFor(command));
  return {
    operands,
    on: (flag) => given.has(flag),
    value: (flag) => given.get(flag)?.at(-1),
    values: (flag) => given.get(flag) ?? [],
  };
}

function optionsOf({ flags }: Command): NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']> {
  return Object.fromEntries(
    flags.map(({ name, short, value }) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) } as const,
    ]),
  );
}

/** The value a flag is given; empty for one that is on or off. */
function valueOf(command: Command, { name, rawName, value, inlineValue }: OptionToken): string {
  const flag = command.flags.find((one) => one.name === name);
  if (flag === undefined) throw unknownFlag(command, rawName);
  if (flag.value === undefined) {
    if (value === undefined) return '';
    throw misused(`\`${rawName}\` is on when it is written; it takes no value.`, hintFor(command));
  }
  if (value === undefined || (!inlineValue && /^-\D/.test(value))) {
    throw misused(`\`${rawName}\` needs a value: ${rawName} ${flag.value}.`, `A value that begins with a dash is written ${rawName}=-….`);
  }
  return allowed(command, flag, rawName, value);
}

function allowed(command: Command, { values }: Flag, rawName: string, value: string): string {
  if (values === undefined || values.includes(value)) return value;
  throw misused(`\`${rawName}\` is one of ${values.join(', ')}, not \`${value}\`.${didYouMean(value, values)}`, hintFor(command));
}

function unknownFlag(command: Command, rawName: string): Error {
  const known = command.flags.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
  const meant = rawName.startsWith('--') ? didYouMean(rawName, known) : '';
  return misused(
    `\`millrace ${command.name}\` has no flag \`${rawName}\`.${meant}`,
    `${hintFor(command)} Write -- before an operand that begins with a dash.`,
  );
}

function hintFor({ name }: Command): string {
  return `\`millrace help ${name}\` shows what it takes.`;
}

// Writes docs/reference/cli.md: every command, from the table that help and completion are made of. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/generate/command-line.mjs`.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { COMMANDS } from '../../apps/cli/src/usage/table';

const OUT = 'docs/reference/cli.md';

/** @typedef {import('../../apps/cli/src/usage/command').Command} Command */

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|');

/** @param {Command} command */
function sectionOf({ name, operands, does, examples, flags, more = [] }) {
  const rows = flags.map((flag) => `| \`${cell(spelled(flag))}\` | ${cell(flag.does)} |`);
  return [
    `## ${name}`,
    `\`millrace ${[name, operands].filter(Boolean).join(' ')}\``,
    `${does}.`,
    ...more,
    ['```text', ...examples.map(({ line, shows }) => `# ${shows}\n${line}`), '```'].join('\n'),
    ['| Flag | Does |', '| --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

/** @param {Command['flags'][number]} flag */
function spelled({ name, short, value, values }) {
  const taken = value === undefined ? '' : ` ${values === undefined ? value : values.join('|')}`;
  return `${short === undefined ? '' : `-${short}, `}--${name}${taken}`;
}

const page = [
  '# The command line',
  'What `millrace help` says, command by command. Where a command goes: `--target` or `--to`, else `MILLRACE_URL`, `MILLRACE_TOKEN` and',
  '`MILLRACE_WORKSPACE` (each also as `*_FILE`), else the target of `millrace login` or `millrace targets use`.',
  '',
  '| Exit code | Means |',
  '| --- | --- |',
  '| 0 | done |',
  '| 1 | the thing itself failed: a check, a test, a run; a difference was found |',
  '| 2 | written wrong, or refused as invalid |',
  '| 3 | not there |',
  '| 4 | not signed in, or not allowed |',
  '| 5 | a conflict: somebody else changed it meanwhile |',
  '| 6 | too much, or time ran out |',
  '| 7 | nobody answers |',
  '| 8 | a fault of ours |',
  '| 10 | `plan` found changes |',
  '| 130 | interrupted |',
  '',
].join('\n');

const text = `${page}\n${COMMANDS.map(sectionOf).join('\n\n')}\n`;
writeFileSync(OUT, await format(text, { ...(await resolveConfig(OUT)), parser: 'markdown' }));

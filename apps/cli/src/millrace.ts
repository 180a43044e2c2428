import { exitCodeOf, toldOf } from './refused';
import { tellFault, tellRefusal } from './terminal/tell';
import type { Terminal } from './terminal/terminal';
import { commandIn, verbsOf } from './usage/find-command';
import { commandHelp } from './usage/help';
import { parse } from './usage/parse';
import { COMMANDS } from './usage/table';

const FAULT = 8;
/** How the commands are also asked for. */
const OTHER_SPELLINGS: Readonly<Record<string, string>> = { '--help': 'help', '-h': 'help', '--version': 'version', '-V': 'version' };

/** Performs what was typed behind `millrace`; the result is the exit code. Never throws: what goes wrong is told on the notes channel. */
export async function millrace(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await perform(words, terminal);
  } catch (error) {
    const told = toldOf(error);
    if (told === undefined) {
      tellFault(error, terminal.notes);
      return FAULT;
    }
    tellRefusal(told, terminal.notes);
    return exitCodeOf(told);
  }
}

async function perform([first = 'help', ...behind]: readonly string[], terminal: Terminal): Promise<number> {
  const asked = OTHER_SPELLINGS[first] ?? first;
  if (verbsOf(COMMANDS, asked).length > 0 && OTHER_SPELLINGS[behind[0] ?? ''] === 'help') return perform(['help', asked], terminal);
  const { command, words } = commandIn(COMMANDS, [asked, ...behind]);
  const invocation = parse(command, words);
  if (invocation.on('help')) {
    terminal.output.write(commandHelp(command, terminal.output));
    return 0;
  }
  const act = await command.load();
  return act(invocation, terminal);
}

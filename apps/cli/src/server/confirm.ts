import { Refused } from '../refused';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';

/** Lets a person type the name of what will be gone. Refuses when they type another one, or nobody is there to ask and `--yes` is not given. */
export async function confirmed(what: string, name: string, invocation: Invocation, { input, notes }: Terminal): Promise<void> {
  if (invocation.on('yes')) return;
  if (!input.isTerminal) {
    throw new Refused('cli.not_confirmed', 'invalid', `${what} \`${name}\` would be gone, and nobody is there to be asked.`, 'add --yes.');
  }
  notes.write(`${what} \`${name}\` will be gone. Type its name to go on.\n`);
  for await (const line of input.lines()) {
    if (line.trim() === name) return;
    break;
  }
  throw new Refused('cli.not_confirmed', 'invalid', 'That is not its name; nothing is done.', 'the same command again, or with --yes.');
}

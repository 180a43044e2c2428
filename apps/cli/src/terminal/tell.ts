import type { Told } from '../refused';
import { harmless, paint } from './paint';
import type { Channel } from './terminal';

/** Tells a person of a refusal: what, where, and what to do. */
export function tellRefusal({ code, refusal, message, next, found }: Told, notes: Channel): void {
  notes.write(heading(refusal, code, notes));
  notes.write(indented(message));
  if (next !== undefined) notes.write(indented(`Next: ${next}`));
  if (found !== undefined) notes.write(indented(found));
}

/** Tells a person why what they wrote failed. `below` is shown as it is. */
export function tellFailure({ code, message }: { readonly code: string; readonly message: string }, below: string, notes: Channel): void {
  notes.write(heading('failed', code, notes));
  notes.write(`${indented(message)}${below}`);
}

/** Tells a person of a fault of ours. */
export function tellFault(error: unknown, notes: Channel): void {
  notes.write(heading('fault', 'cli.fault', notes));
  notes.write(indented('This is a mistake in Millrace, not in what you wrote.'));
  notes.write(indented(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  notes.write(indented('Next: please report it with the lines above and the command you typed.'));
}

function heading(what: string, code: string, notes: Channel): string {
  return `${paint(notes, ['red', 'bold'], `millrace: ${what}`)} (${code})\n`;
}

function indented(text: string): string {
  return harmless(text)
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('');
}

import type { Channel } from '../terminal/terminal';
import type { Invocation } from './command';

/** How the answer is printed. `--json`, `--output json` and `--format json` mean the same. */
export function formatOf(invocation: Invocation): string {
  if (invocation.on('json')) return 'json';
  return invocation.value('format') ?? invocation.value('output') ?? 'text';
}

/** Prints a value as JSON, with a line break at the end. */
export function printJson(value: unknown, output: Channel): void {
  output.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

import { misused } from '../refused';
import type { Invocation } from './command';

/** An operand that the command cannot do without: `what` it is, by its place from 0. Refuses when it is absent. */
export function operand({ operands }: Invocation, what: string, place = 0): string {
  const found = operands[place];
  if (found !== undefined) return found;
  throw misused(`${what} is missing.`, 'the same command with --help shows what it takes.');
}

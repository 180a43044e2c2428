import { playCase, readCases } from '@millrace/language';
import type { DataMap } from '../data/value';

/** What a case comes to that is made here and not read from a file. Refuses values that no case may hold. */
export function playOne(written: DataMap): ReturnType<typeof playCase> {
  const [one] = readCases(JSON.stringify(written), 'arguments');
  if (one === undefined) throw new Error('one case was written and none was read');
  return playCase(one);
}

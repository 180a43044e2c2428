import { judgeCases, type PlayedCase } from '@millrace/language';
import type { DataMap } from '../data/value';

/** What a case comes to that is made here and not read from a file. Refuses values that no case may hold. */
export function playOne(written: DataMap): PlayedCase['result'] {
  const [one] = judgeCases(JSON.stringify(written), 'arguments');
  if (one === undefined) throw new Error('one case was written and none was read');
  return one.result;
}

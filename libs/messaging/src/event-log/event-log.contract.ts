import { describe } from '@jest/globals';
import { appendingContract } from './contract/appending.contract';
import { consumingContract } from './contract/consuming.contract';
import { failingContract } from './contract/failing.contract';
import type { OpenEventLog } from './contract/fixture';
import { keepingContract } from './contract/keeping.contract';
import { readingContract } from './contract/reading.contract';

/** What every adapter of `EventLog` promises. */
export function eventLogContract(name: string, open: OpenEventLog): void {
  describe(`the event log contract, kept by ${name}`, () => {
    appendingContract(open);
    readingContract(open);
    consumingContract(open);
    failingContract(open);
    keepingContract(open);
  });
}

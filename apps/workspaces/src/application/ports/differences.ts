import type { Json } from '@millrace/kernel';

/** Reads texts so that two of them can be compared. */
export abstract class Differences {
  /** The document in a text; undefined when it cannot be read. */
  abstract documentIn(text: string): Json | undefined;
  /** The lines that differ, as a unified diff. `undefined` stands for a file that is not there. Empty for texts of more than 2,000 lines. */
  abstract lines(path: string, before: string | undefined, after: string | undefined): string;
}

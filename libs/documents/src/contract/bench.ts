import type { Documents } from '../collection';

/** The documents under test. */
export interface DocumentsBench {
  /** What is open now. */
  documents(): Documents;
  /** Closes and opens again. */
  reopen(): Promise<Documents>;
}

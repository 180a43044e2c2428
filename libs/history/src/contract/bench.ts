import type { History } from '../history';

/** The history under test. */
export interface HistoryBench {
  /** What is open now. */
  history(): History;
  /** Closes and opens again. */
  reopen(): Promise<History>;
}

import type { Clock } from '@millrace/kernel';
import type { FaultReport } from '../../../faults';
import type { BackOff } from '../../consume/back-off';
import type { LogContents } from '../contents';
import type { Line } from '../server/line';
import type { LogNames } from '../server/log-names';
import type { Letters } from '../letters/letters';

/** What the runs of all durables of one log work with. */
export interface RunParts {
  readonly line: Line;
  readonly names: LogNames;
  readonly contents: LogContents;
  readonly letters: Letters;
  readonly clock: Clock;
  readonly backOff: BackOff;
  readonly onFault: FaultReport;
}

/** Milliseconds until something the server refused is tried again. */
export const AFTER_A_FAILURE = 1_000;

import type { Clock } from '@millrace/kernel';
import type { FaultReport } from '../../../faults';
import type { GroupCommit } from '../../../sqlite/group-commit';
import type { DeadTable } from '../store/dead-table';
import type { DurableTable } from '../store/durable-table';
import type { LogContents } from '../store/log-contents';
import type { BackOff } from '../../consume/back-off';

/** What the runs of all durables of one log work with. */
export interface RunParts {
  readonly contents: LogContents;
  readonly durables: DurableTable;
  readonly dead: DeadTable;
  readonly commit: GroupCommit;
  readonly clock: Clock;
  readonly backOff: BackOff;
  readonly onFault: FaultReport;
}

/** Milliseconds until something the store refused is tried again. */
export const AFTER_A_FAILURE = 1_000;

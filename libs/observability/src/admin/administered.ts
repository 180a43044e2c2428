import type { Health } from '../health';
import type { LevelledLog } from '../log/log';
import type { Metrics } from '../metrics';

/** What a service shows on the admin port. */
export interface Administered {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: LevelledLog;
}

/** An answer of the admin port; JSON unless `type` says otherwise. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
}

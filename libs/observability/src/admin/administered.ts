import type { Health } from '../health';
import type { LevelledLog } from '../log/log';
import type { Metrics } from '../metrics';
import type { Surface } from '../surface';

/** A setting as it is shown: where it comes from, and its value unless that is secret. */
export interface ShownSetting {
  readonly value: unknown;
  readonly from: 'environment' | 'file' | 'default';
}

/** Settings by the names of their variables. */
export type ShownSettings = Readonly<Record<string, ShownSetting>>;

/** What a service shows on the admin port. */
export interface Administered {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: LevelledLog;
  readonly surface?: Surface;
  readonly settings?: ShownSettings;
}

/** An answer of the admin port; JSON unless `type` says otherwise. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
}

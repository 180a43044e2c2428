import type { JsonMap } from '@millrace/kernel';
import type { Admission, Triggers } from '../triggers/triggers';

/** One automation of a plan. */
export interface PlannedAutomation {
  /** The full slug: `<instance>.<slug>` in an app. */
  readonly slug: string;
  /** The path of the app instance (`crm`, `crm.mail`); empty in the workspace itself. */
  readonly instance: string;
  readonly file: string;
  readonly name: string | JsonMap;
  readonly labels: readonly string[];
  readonly private: boolean;
  readonly disabled: boolean;
  /** The action of `authorizations`. */
  readonly authorization?: string;
  readonly triggers: Triggers;
  readonly admission: Admission;
}

/** A workspace, compiled. Immutable; may be kept and used for any number of runs at once. */
export interface Plan {
  /** By full slug. */
  readonly automations: ReadonlyMap<string, PlannedAutomation>;
  /** IANA zone in which dates are formatted and schedules are read. */
  readonly timeZone: string;
  readonly locale: string;
}

import type { Json, JsonMap } from '@millrace/kernel';
import type { Dialect } from '../expressions/env';
import type { Limits } from '../step/limits';
import type { TriggerIndex } from '../triggers/index-of';
import type { PlannedEvent } from './declared-event';
import type { PlannedBody } from './nodes';
import type { Admission, Triggers } from '../triggers/triggers';
import type { AppPermissions } from '../workspace/sources';

/** One automation of a plan. */
export interface PlannedAutomation {
  /** The full slug: `<instance>.<slug>` in an app. */
  readonly slug: string;
  /** The path of the app instance (`crm`, `crm.mail`); empty in the workspace itself. */
  readonly instance: string;
  /** The slug of the app, and of the app it is installed in. */
  readonly app?: string;
  readonly parentApp?: string;
  readonly file: string;
  readonly name: string | JsonMap;
  readonly labels: readonly string[];
  readonly private: boolean;
  readonly disabled: boolean;
  /** The action of `authorizations`. */
  readonly authorization?: string;
  readonly triggers: Triggers;
  readonly admission: Admission;
  /** What callers may pass. */
  readonly accepts: Accepts;
  /** How its expressions are read. */
  readonly dialect: Dialect;
  /** What a run needs of it; of no use to anyone else. */
  readonly body: PlannedBody;
}

/** What callers of an automation may pass. */
export interface Accepts {
  /** Takes what a caller passed: defaults filled in. Throws `language.arguments_invalid` when it is validated and does not fit. */
  readonly take: (locals: JsonMap) => JsonMap;
  /** `arguments` as a schema of the whole, as written otherwise. */
  readonly schema?: JsonMap;
  /** Paths into the locals whose values are secrets: keys, `*` for every item of a list. */
  readonly secret: readonly (readonly string[])[];
  /** Paths into the locals that must not be kept of a run. */
  readonly redact: readonly (readonly string[])[];
}

/** What the configuration of a workspace or app instance must look like. */
export interface PlannedConfig {
  /** Throws `language.arguments_invalid` for one that does not fit its schema. */
  readonly accept: (config: JsonMap) => void;
  /** Paths into it whose values are secrets. */
  readonly secret: readonly (readonly string[])[];
}

/** A workspace, compiled. Immutable; may be kept and used for any number of runs at once. */
export interface Plan {
  /** By full slug. */
  readonly automations: ReadonlyMap<string, PlannedAutomation>;
  /** Whether a run of it may wait for an event. */
  readonly waits: boolean;
  /** IANA zone in which dates are formatted and schedules are read. */
  readonly timeZone: string;
  /** The language in which dates are formatted. */
  readonly locale: string;
  readonly limits: Limits;
  /** What `$workspace` is, by the path of the app instance. */
  readonly documents: ReadonlyMap<string, Json>;
  /** What is declared of events, by their full names. */
  readonly events: ReadonlyMap<string, PlannedEvent>;
  /** What configurations must look like, by the path of the app instance. */
  readonly configs: ReadonlyMap<string, PlannedConfig>;
  /** Names of the secrets its automations read, by the path of the app instance; instances that read none are not here. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  /** What app instances may do, by path; one that is not here may do everything. */
  readonly permissions: ReadonlyMap<string, AppPermissions>;
  /** Events and paths to the automations they start; of no use but to `matchEvents` and `matchEndpoint`. */
  readonly index: TriggerIndex;
}

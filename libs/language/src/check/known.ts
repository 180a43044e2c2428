import type { JsonMap } from '@millrace/kernel';

/** What a check may know of an automation that lives in an installed app. */
export interface KnownAutomation {
  readonly private?: boolean;
  readonly disabled?: boolean;
  readonly arguments?: JsonMap;
}

/** What a check may know of an action: the schema of its inputs. */
export interface KnownAction {
  readonly inputs?: JsonMap;
}

/** What lies outside a workspace's own files. A part left out is not checked. */
export interface Known {
  /** Installed apps by instance slug, each with its automations by slug; without them, calls into that app are not checked. */
  readonly apps?: Readonly<Record<string, { readonly automations?: Readonly<Record<string, KnownAutomation>> }>>;
  /** Actions by name (`parse-cv`, `crm/import` for the action of an app); those of an app of which none is told are not checked. */
  readonly actions?: Readonly<Record<string, KnownAction>>;
  /** Names of the workspace's secrets. */
  readonly secrets?: readonly string[];
  /** Names of the only hosts that a `fetch` of the workspace may reach, in lower case and without a port. */
  readonly hosts?: readonly string[];
  /** Milliseconds between two times of a schedule at least, up to a minute; 10 s when absent. */
  readonly shortestSchedule?: number;
  /** Characters of a file at most; 256 KiB, which is the most that is read, when absent. */
  readonly largestSource?: number;
}

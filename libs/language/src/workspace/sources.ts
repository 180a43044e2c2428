import type { JsonMap } from '@millrace/kernel';

/** One file of a workspace. `file` is its path from the root of the workspace, with `/`. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** One automation's file. `slug` wins over what the path says, the document's own `slug:` over both. */
export interface AutomationSource extends SourceText {
  readonly slug?: string;
}

/** What an app may do where it is installed; names of events are those of the app itself. A `*` in a list stands for anything. */
export interface AppPermissions {
  /** Events of the platform that it waits for. */
  readonly reads: readonly string[];
  readonly emits: readonly string[];
  /** Names of hosts, in lower case and without a port. */
  readonly hosts: readonly string[];
  readonly secrets: readonly string[];
  readonly actions: readonly string[];
  /** Names of topics that it makes, and whose members it changes. */
  readonly topics: readonly string[];
  /** Whether it may keep answers as files. */
  readonly files: boolean;
}

/** One declared event's file, `events/<type>.yaml`, and the number of its schema when it was published. */
export interface EventSource extends SourceText {
  readonly version?: number;
}

/** An app installed in a workspace: the published workspace of the app and the configuration of the instance. */
export interface AppSources extends WorkspaceSources {
  /** The slug of the app, not of the instance. */
  readonly app?: string;
  /** What was written over the values its own `workspace.yaml` gives its configuration. */
  readonly config?: JsonMap;
  readonly disabled?: boolean;
  /** Without them it may do everything. */
  readonly permissions?: AppPermissions;
}

/** What its people say of where a workspace is, apart from its files. */
export interface Region {
  /** IANA zone of dates and schedules. */
  readonly timeZone?: string;
  /** Language of dates, as a tag (BCP 47). */
  readonly locale?: string;
}

/** A workspace as text. */
export interface WorkspaceSources {
  readonly automations: readonly AutomationSource[];
  /** `workspace.yaml`. */
  readonly workspace?: SourceText;
  /** `events/*.yaml`. */
  readonly events?: readonly EventSource[];
  /** `apps.yaml`, read for its form alone: what is installed stands in `apps`. */
  readonly installed?: SourceText;
  /** The sources of installed apps, as far as they are known, by instance slug. */
  readonly apps?: Readonly<Record<string, AppSources>>;
  /** Holds where `workspace.yaml` says nothing of it. */
  readonly region?: Region;
}

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

/** An app installed in a workspace: the published workspace of the app and the configuration of the instance. */
export interface AppSources extends WorkspaceSources {
  /** The slug of the app, not of the instance. */
  readonly app?: string;
  readonly config?: JsonMap;
  readonly disabled?: boolean;
}

/** A workspace as text. */
export interface WorkspaceSources {
  readonly automations: readonly AutomationSource[];
  /** `workspace.yaml`. */
  readonly workspace?: SourceText;
  /** `events/*.yaml`. */
  readonly events?: readonly SourceText[];
  /** `apps.yaml`, read for its form alone: what is installed stands in `apps`. */
  readonly installed?: SourceText;
  /** The sources of installed apps, as far as they are known, by instance slug. */
  readonly apps?: Readonly<Record<string, AppSources>>;
}

import type { JsonMap } from '@millrace/kernel';
import type { DocumentProblem } from '../../domain/problems';

/** What an automation's document says about itself. */
export interface Described {
  readonly name: string;
  readonly description: string;
  readonly labels: readonly string[];
  /** Event types and patterns that start it. */
  readonly listens: readonly string[];
  /** Event types that it emits, as far as they stand there as they are. */
  readonly emits: readonly string[];
  /** What it calls, as far as it stands there as it is, sorted: `automation/…`, `app/…` (an automation of an installed app), `action/…` and `host/…`. */
  readonly calls: readonly string[];
  /** Path of its endpoint; undefined: none. */
  readonly endpoint?: string;
  readonly disabled: boolean;
  readonly private: boolean;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The automations of installed apps that a workspace may call, by instance. */
export type KnownApps = Readonly<Record<string, readonly { readonly slug: string; readonly arguments: JsonMap }[]>>;

/** What lies outside the files of a workspace. */
export interface KnownOutside {
  /** Absent: nothing is known of apps, and calls of theirs are not checked. */
  readonly apps?: KnownApps;
  /** The only hosts that the workspace reaches; absent: any. */
  readonly hosts?: readonly string[];
}

/** Reads and checks documents. */
export abstract class Checker {
  /** What is wrong with one document as far as it alone can tell; `named`: the slugs of the automations that stand beside it. */
  abstract checkFile(file: SourceFile, named: ReadonlySet<string>): readonly DocumentProblem[];
  /** What is wrong with a workspace as a whole, references included. */
  abstract checkTree(files: readonly SourceFile[], known?: KnownOutside): readonly DocumentProblem[];
  /** What an automation's document says about itself; of an unreadable one, only its name. */
  abstract describe(file: SourceFile): Described;
}

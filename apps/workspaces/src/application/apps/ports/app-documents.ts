import type { Contract } from '../../../domain/apps/contract';
import type { Installed, Lock } from '../../../domain/apps/installed';
import type { SourceFile } from '../../ports/checker';

/** Something that a configuration says and its schema does not allow. */
export interface ConfigProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** Reads and writes what files say of apps: their own, and what is installed. */
export abstract class AppDocuments {
  /** What the files of an app offer and ask for, without the apps in it. */
  abstract contractOf(files: readonly SourceFile[]): Contract;
  /** The entries of `apps.yaml`, in its order. Throws `apps.lock_invalid` for a text that cannot be read. */
  abstract installedIn(text: string): readonly Installed[];
  /** The text with an entry written or, when there is none, removed; comments and order stay. */
  abstract withInstalled(text: string, slug: string, entry: Installed | undefined): string;
  /** The entries of `apps.lock`. Throws `apps.lock_invalid` for a text that cannot be read. */
  abstract lockIn(text: string): Lock;
  abstract lockText(lock: Lock): string;
  /** What of a configuration its schema does not allow; texts that name secrets may be anything. */
  abstract configProblems(schema: Contract['config'], config: Installed['config']): readonly ConfigProblem[];
}

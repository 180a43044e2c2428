import { DomainError } from '@millrace/kernel';
import { LOCK_PATH } from '../../domain/apps/installed';
import type { DocumentProblem } from '../../domain/problems';
import type { KnownApps, SourceFile } from '../ports/checker';
import type { Mounts } from './mounts';

/** What checking the apps of a workspace told. */
export interface CheckedApps {
  readonly problems: readonly DocumentProblem[];
  /** What automations of the workspace may call of them. */
  readonly known: KnownApps;
}

/** Checks that everything a workspace installs is there, as it was published and consented to. */
export class CheckApps {
  constructor(private readonly mounts: Mounts) {}

  async run(workspaceId: string, texts: readonly SourceFile[]): Promise<CheckedApps> {
    const textOf = (path: string): Promise<string> => Promise.resolve(texts.find((one) => one.path === path)?.text ?? '');
    try {
      const mounts = await this.mounts.of(workspaceId, textOf);
      const outer = mounts.filter(({ path }) => !path.includes('.'));
      return { problems: [], known: Object.fromEntries(outer.map(({ path, contract }) => [path, contract.automations])) };
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
      return { problems: [problemOf(error)], known: {} };
    }
  }
}

function problemOf({ message }: DomainError): DocumentProblem {
  return { code: 'app-lock', severity: 'error', file: LOCK_PATH, line: 1, column: 1, path: '', message };
}

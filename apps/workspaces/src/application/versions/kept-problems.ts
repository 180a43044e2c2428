import type { DocumentProblem } from '../../domain/problems';
import type { Version } from '../../domain/releases';
import { mayDo, type Entered } from '../access';
import { ROLES_FILE } from '../checking/check-rules';
import type { FileStore } from '../ports/file-store';

/** Keeps what whoever publishes a version is warned of. What is said of roles is left out: no version holds them. */
export async function keepProblems(
  files: FileStore,
  workspaceId: string,
  problems: readonly DocumentProblem[],
): Promise<Pick<Version, 'problems'>> {
  const kept = problems.filter(({ file }) => file !== ROLES_FILE);
  return kept.length === 0 ? {} : { problems: (await files.put(workspaceId, JSON.stringify(kept))).digest };
}

/** What whoever published the version was warned of. It quotes what is written, so there is nothing for who may not read automations. */
export async function keptProblems(files: FileStore, entered: Entered, { problems }: Version): Promise<readonly DocumentProblem[]> {
  if (problems === undefined || !mayDo(entered, { action: 'read', subject: 'automations' })) return [];
  return JSON.parse(await files.get(entered.workspace.id, problems)) as readonly DocumentProblem[];
}

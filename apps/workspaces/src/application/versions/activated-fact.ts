import { activeVersion, type Releases } from '../../domain/releases';
import type { Fact } from '../facts';

/** The fact that another version runs; undefined when none does that did not run before. `revision`: that of the releases now. */
export function activatedFact(workspaceId: string, before: Releases, next: Releases, revision: number): Fact | undefined {
  const version = activeVersion(next);
  if (version === undefined || next.active === before.active) return undefined;
  const { id, digest } = version;
  const payload = { version: id, digest, revision, ...(before.active === undefined ? {} : { previous: before.active }) };
  return { workspaceId, type: 'workspaces.versions.activated', payload, subject: `version/${id}`, revision };
}

import { ALL } from '../query/bounds';
import type { Place } from '../place';
import { bySource } from './by-source';

/** The workspaces that have events. */
export async function workspacesOf(place: Place): Promise<readonly string[]> {
  const grouping = bySource({ terms: { field: 'workspace' } }, String, () => []);
  return ((await grouping.counted(place, ALL)) ?? []).map(([workspace]) => String(workspace));
}

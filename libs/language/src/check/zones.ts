import type { Problem } from '../problems/problem';
import type { Tree } from '../read/tree';
import { isZone } from '../time/zone';
import { unknownName } from './rule';

/** A time zone that is none. */
export function zoneProblems(tree: Tree | undefined): readonly Problem[] {
  if (tree?.kind !== 'scalar' || typeof tree.value !== 'string' || isZone(tree.value)) return [];
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return [unknownName('zone-unknown', tree, `There is no time zone \`${tree.value}\`.`, { name: tree.value, known })];
}

import type { Problem } from '../../problems/problem';
import type { WorkspaceReading } from '../../read/read-workspace';
import { childOf } from '../../read/tree';
import { remark } from '../rule';
import { zoneProblems } from '../rules/zones';

const LARGE = 0.8 * 256 * 1024;

/** What is wrong with `workspace.yaml`, and with files that are nearly too large. */
export function settingsProblems({ settings, instances }: WorkspaceReading): readonly Problem[] {
  const large = (instances[0]?.automations ?? []).filter(
    ({ tree }) => tree.pointer === '' && tree.file.text.length > LARGE && tree.end > LARGE,
  );
  return [
    ...zoneProblems(childOf(settings.tree, 'timeZone')),
    ...large.map(({ tree }) => remark('warning', 'limit-near', tree, `The file has ${tree.file.text.length >> 10} of at most 256 KiB.`)),
  ];
}

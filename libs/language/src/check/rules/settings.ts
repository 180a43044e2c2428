import type { Problem } from '../../problems/problem';
import type { WorkspaceReading } from '../../read/read-workspace';
import { problemIn } from '../../read/report';
import { childOf, valueOf } from '../../read/tree';
import { isZone } from '../../time/zone';
import { textOf } from '../../values/value';
import { remark } from '../rule';

const LARGE = 0.8 * 256 * 1024;

/** What is wrong with `workspace.yaml`, and with files that are nearly too large. */
export function settingsProblems({ settings, instances }: WorkspaceReading): readonly Problem[] {
  const zone = childOf(settings.tree, 'timeZone');
  const unknown =
    zone === undefined || isZone(textOf(valueOf(zone)))
      ? []
      : [problemIn('zone-unknown', zone, `There is no time zone \`${textOf(valueOf(zone))}\`.`)];
  const large = (instances[0]?.automations ?? []).filter(
    ({ tree }) => tree.pointer === '' && tree.file.text.length > LARGE && tree.end > LARGE,
  );
  return [
    ...unknown,
    ...large.map(({ tree }) => remark('warning', 'limit-near', tree, `The file has ${tree.file.text.length >> 10} of at most 256 KiB.`)),
  ];
}

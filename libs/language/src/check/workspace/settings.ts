import type { Problem } from '../../problems/problem';
import type { DeclaredEvent, WorkspaceReading } from '../../read/read-workspace';
import { childOf } from '../../read/tree';
import { remark } from '../rule';
import { nameProblem } from '../rules/events';
import { schemaProblems } from '../rules/schemas';
import { zoneProblems } from '../zones';

const LARGE = 0.8 * 256 * 1024;

/** What is wrong with `workspace.yaml` and declared events, and with files that are nearly too large. */
export function settingsProblems({ settings, events, instances }: WorkspaceReading): readonly Problem[] {
  const config = childOf(childOf(settings.tree, 'config'), 'schema');
  const large = instances
    .flatMap(({ path, automations }) => (path === '' ? automations : []))
    .filter(({ tree }) => tree.pointer === '' && tree.file.text.length > LARGE);
  return [
    ...zoneProblems(childOf(settings.tree, 'timeZone')),
    ...(config === undefined ? [] : schemaProblems(config)),
    ...events.flatMap(eventProblems),
    ...large.map(({ tree }) => remark('warning', 'limit-near', tree, `The file has ${tree.file.text.length >> 10} of at most 256 KiB.`)),
  ];
}

function eventProblems({ type, tree }: DeclaredEvent): readonly Problem[] {
  if (tree === undefined) return [];
  const schema = childOf(tree, 'schema');
  const name = nameProblem(type, childOf(tree, 'type') ?? tree);
  return [...(name === undefined ? [] : [name]), ...(schema === undefined ? [] : schemaProblems(schema))];
}

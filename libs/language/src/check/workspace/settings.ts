import type { Problem } from '../../problems/problem';
import type { DeclaredEvent, WorkspaceReading } from '../../read/read-workspace';
import { childOf } from '../../read/tree';
import { nameProblem } from '../rules/events';
import { schemaProblems } from '../rules/schemas';
import { zoneProblems } from '../zones';

/** What is wrong with `workspace.yaml` and declared events. */
export function settingsProblems({ settings, events }: WorkspaceReading): readonly Problem[] {
  const config = childOf(childOf(settings.tree, 'config'), 'schema');
  return [
    ...zoneProblems(childOf(settings.tree, 'timeZone')),
    ...(config === undefined ? [] : schemaProblems(config)),
    ...events.flatMap(eventProblems),
  ];
}

function eventProblems({ type, tree }: DeclaredEvent): readonly Problem[] {
  if (tree === undefined) return [];
  const schema = childOf(tree, 'schema');
  const name = nameProblem(type, childOf(tree, 'type') ?? tree);
  return [...(name === undefined ? [] : [name]), ...(schema === undefined ? [] : schemaProblems(schema))];
}

import type { Problem } from '../problems/problem';
import { readWorkspace } from '../read/read-workspace';
import type { WorkspaceReading } from '../read/read-workspace';
import type { WorkspaceSources } from '../workspace/sources';
import { checkAutomation } from './automation';
import { factsOf } from './facts';
import type { Known } from './known';
import { appsOf } from './rules/callee';
import { heardBy } from './rules/events';
import { problemsAcross } from './workspace/across';
import { settingsProblems } from './workspace/settings';

const SEVERITIES = ['error', 'warning', 'hint'];

/** Everything worth telling the authors of a workspace, in the order of files and lines. Includes what `read` finds. Never throws. */
export function check(workspace: WorkspaceSources, known: Known = {}): readonly Problem[] {
  return checkReading(readWorkspace(workspace), known);
}

/** Checks a workspace that was read. */
export function checkReading(reading: WorkspaceReading, known: Known): readonly Problem[] {
  const [own] = reading.instances;
  const all = own === undefined ? [] : own.automations.map((automation) => factsOf(automation, own.slugs));
  const events = new Map(reading.events.map((event) => [event.type, event]));
  const heard = all.flatMap(heardBy);
  const apps = appsOf(reading, known);
  const problems =
    own === undefined ? [] : all.flatMap((facts) => checkAutomation(facts, { reading, instance: own, known, apps, all, events, heard }));
  const found = [...reading.problems, ...problems, ...problemsAcross(all), ...settingsProblems(reading)];
  return [...new Map(found.toReversed().map((problem) => [placeOf(problem), problem])).values()].sort(inOrder);
}

/** One problem of a kind at a place is enough. */
function placeOf({ code, file, line, column }: Problem): string {
  return `${code} ${line} ${column} ${file}`;
}

function inOrder(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (
    a.line - b.line || a.column - b.column || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.code < b.code ? -1 : 1)
  );
}

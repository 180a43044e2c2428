import type { Problem } from '../problems/problem';
import { readWorkspace } from '../read/read-workspace';
import type { WorkspaceReading } from '../read/read-workspace';
import type { WorkspaceSources } from '../workspace/sources';
import { checkAutomation } from './automation';
import { factsOf } from './facts';
import type { Facts } from './facts';
import type { Surroundings } from './rule';
import { trafficOf } from './workspace/traffic';
import type { Known } from './known';
import { appsOf } from './workspace/callee';
import { problemsAcross } from './workspace/across';
import { settingsProblems } from './workspace/settings';
import { sizeProblems } from './workspace/sizes';

const SEVERITIES = ['error', 'warning', 'hint'];

/** Everything worth telling the authors of a workspace, in the order of files and lines. Includes what `read` finds. Never throws. */
export function check(workspace: WorkspaceSources, known: Known = {}): readonly Problem[] {
  return checkReading(readWorkspace(workspace), known);
}

/** Checks a workspace that was read. */
export function checkReading(reading: WorkspaceReading, known: Known): readonly Problem[] {
  const [own] = reading.instances;
  if (own === undefined) return [];
  const all = own.automations.map((automation) => factsOf(automation, own.slugs));
  const around: Surroundings = {
    ...{ reading, instance: own, known },
    apps: appsOf(reading, known),
    events: new Map(reading.events.map((event) => [event.type, event])),
    traffic: trafficOf(all),
    callsOf: callsIn(all),
  };
  const problems = all.flatMap((facts) => checkAutomation(facts, around));
  const found = [...reading.problems, ...problems, ...problemsAcross(all), ...settingsProblems(reading), ...sizeProblems(reading, known)];
  return [...new Map(found.toReversed().map((problem) => [placeOf(problem), problem])).values()].sort(inOrder);
}

function callsIn(all: readonly Facts[]): Surroundings['callsOf'] {
  const calls = Map.groupBy(
    all.flatMap(({ steps }) => steps),
    ({ name }) => name,
  );
  return (slug) => (calls.get(slug) ?? []).map(({ body }) => body);
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

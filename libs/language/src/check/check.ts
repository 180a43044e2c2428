import type { Problem } from '../problems/problem';
import { readWorkspace } from '../read/read-workspace';
import type { WorkspaceReading } from '../read/read-workspace';
import type { WorkspaceSources } from '../workspace/sources';
import { checkAutomation } from './automation';
import type { Known } from './known';

const SEVERITIES = ['error', 'warning', 'hint'];

/** Everything worth telling the authors of a workspace, in the order of files and lines. Includes what `read` finds. Never throws. */
export function check(workspace: WorkspaceSources, known: Known = {}): readonly Problem[] {
  return checkReading(readWorkspace(workspace), known);
}

/** Checks a workspace that was read. */
export function checkReading(reading: WorkspaceReading, known: Known): readonly Problem[] {
  const [own] = reading.instances;
  const problems =
    own === undefined ? [] : own.automations.flatMap((automation) => checkAutomation(automation, { reading, instance: own, known }));
  return [...reading.problems, ...problems].sort(inOrder);
}

function inOrder(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

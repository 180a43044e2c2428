import type { Problem, Severity } from '../problems/problem';
import type { Span } from '../problems/language-error';
import type { DeclaredEvent, InstanceReading, WorkspaceReading } from '../read/read-workspace';
import { problemIn, withReplacement, withSeverity } from '../read/report';
import type { Tree } from '../read/tree';
import { didYouMean, nearest } from '../shapes/nearest';
import type { Facts } from './facts';
import type { Known } from './known';

/** What an automation is checked against. */
export interface Surroundings {
  readonly reading: WorkspaceReading;
  readonly instance: InstanceReading;
  readonly known: Known;
  /** All automations of the workspace, taken apart. */
  readonly all: readonly Facts[];
  readonly events: ReadonlyMap<string, DeclaredEvent>;
  /** Names and patterns of the events that anything in the workspace reacts to or waits for. */
  readonly heard: readonly string[];
}

/** Something an automation is looked at for. */
export type Rule = (facts: Facts, around: Surroundings) => readonly Problem[];

/** A problem that is no error. */
export function remark(severity: Severity, code: string, tree: Tree, message: string, span?: Span): Problem {
  return withSeverity(problemIn(code, tree, message, span), severity);
}

/** A name that is unknown: with the one that was probably meant, and the repair. */
export function unknownName(
  code: string,
  tree: Tree,
  message: string,
  { name, known }: { name: string; known: readonly string[] },
): Problem {
  const meant = nearest(name, known);
  const problem = problemIn(code, tree, message + didYouMean(name, known));
  return meant === undefined ? problem : withReplacement(problem, tree, meant);
}

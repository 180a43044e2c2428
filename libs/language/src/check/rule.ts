import type { Problem, Severity } from '../problems/problem';
import type { Span } from '../problems/language-error';
import type { DeclaredEvent, InstanceReading, WorkspaceReading } from '../read/read-workspace';
import { problemIn, withReplacement, withSeverity } from '../read/report';
import type { Tree } from '../read/tree';
import { didYouMean, nearest } from '../shapes/nearest';
import type { Facts } from './facts';
import type { Traffic } from './workspace/traffic';
import type { Known, KnownAutomation } from './known';

/** What an automation is checked against. */
export interface Surroundings {
  readonly reading: WorkspaceReading;
  readonly instance: InstanceReading;
  readonly known: Known;
  /** The automations of installed apps by instance and slug, as far as they are known; undefined for an app of which only that is known. */
  readonly apps: ReadonlyMap<string, Readonly<Record<string, KnownAutomation>> | undefined>;
  readonly events: ReadonlyMap<string, DeclaredEvent>;
  readonly traffic: Traffic;
  /** The bodies of the calls of an automation in this workspace, by its slug. */
  readonly callsOf: (slug: string) => readonly (Tree | undefined)[];
}

/** Something an automation is looked at for. */
export type Rule = (facts: Facts, around: Surroundings) => readonly Problem[];

/** A problem that is no error. */
export function remark(severity: Severity, code: string, tree: Tree, message: string, span?: Span): Problem {
  return withSeverity(problemIn(code, tree, message, span), severity);
}

interface Unknown {
  readonly name: string;
  readonly known: readonly string[];
  /** What of the text the problem points at, and what of it the name is, when neither is all of it. */
  readonly spans?: { readonly problem: Span; readonly name: Span };
}

/** A name that is unknown: with the one that was probably meant, and the repair. */
export function unknownName(code: string, tree: Tree, message: string, { name, known, spans }: Unknown): Problem {
  const meant = nearest(name, known);
  const problem = problemIn(code, tree, message + didYouMean(name, known), spans?.problem);
  return meant === undefined ? problem : withReplacement(problem, tree, meant, spans?.name);
}

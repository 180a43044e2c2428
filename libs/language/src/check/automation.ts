import type { Problem } from '../problems/problem';
import type { ReadAutomation } from '../read/read';
import type { InstanceReading, WorkspaceReading } from '../read/read-workspace';
import { expressionProblems } from './expressions';
import type { Known } from './known';
import { walkTexts } from './walk';

/** What an automation is checked against. */
export interface CheckedIn {
  readonly reading: WorkspaceReading;
  readonly instance: InstanceReading;
  readonly known: Known;
}

/** What is wrong with an automation beyond its form. */
export function checkAutomation(automation: ReadAutomation, _: CheckedIn): readonly Problem[] {
  return [...walkTexts(automation)].flatMap((text) => expressionProblems(text, automation.prisme));
}

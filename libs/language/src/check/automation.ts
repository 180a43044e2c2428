import type { Problem } from '../problems/problem';
import { expressionProblems } from './texts/expressions';
import type { Facts } from './facts';
import type { Rule, Surroundings } from './rule';
import { bounds } from './rules/bounds';
import { calls } from './rules/calls';
import { compatibility } from './rules/compat';
import { emitted, neverEmitted } from './rules/events';
import { long, types, words } from './rules/expressions';
import { flow, lostUpdates, unreachable } from './rules/flow';
import { readOnly } from './rules/contexts';
import { schemas } from './rules/schemas';
import { secrets } from './rules/secrets';
import { actions, hosts, methods, modules } from './rules/steps';
import { endpoints, patterns, schedules } from './rules/triggers';
import { conflictingBranches, deprecated, indirect, unknownVariables, unusedOutputs } from './rules/variables';

const RULES: readonly Rule[] = [
  (facts) => facts.texts.flatMap((text) => expressionProblems(text, facts.automation.prisme)),
  ...[calls, actions, modules, methods, hosts, secrets, readOnly, schemas],
  ...[flow, unreachable, lostUpdates],
  ...[patterns, schedules, endpoints, emitted, neverEmitted],
  ...[unknownVariables, unusedOutputs, indirect, conflictingBranches, deprecated],
  ...[types, words, long, compatibility, bounds],
];

/** What is wrong with an automation beyond its form. */
export function checkAutomation(facts: Facts, around: Surroundings): readonly Problem[] {
  return RULES.flatMap((rule) => rule(facts, around));
}

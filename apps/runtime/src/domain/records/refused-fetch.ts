import type { JsonMap } from '@millrace/kernel';
import type { Outcome, Plan } from '@millrace/language';
import type { StepRecord } from './step-record';

/** Code of a fetch that its workspace kept from a host; its details name `setting` and `host`. */
export const EGRESS_REFUSED = 'runtime.egress_refused';

/**
 * What is told of a fetch that its workspace kept from a host: whose it was, and the host. Undefined of any other outcome, also of one that was
 * kept from a run before: nothing was tried this time.
 */
export function refusedFetch(
  { automations }: Pick<Plan, 'automations'>,
  { automation }: Pick<StepRecord, 'automation'>,
  { error }: Pick<Outcome, 'error'>,
): JsonMap | undefined {
  // What is kept of a run holds codes and messages of errors, and no details.
  if (error?.code !== EGRESS_REFUSED || error.details === undefined) return undefined;
  const { host } = error.details as { readonly host: string };
  const { instance = '', app = '' } = automations.get(automation) ?? {};
  return { instance, app, automation, host };
}

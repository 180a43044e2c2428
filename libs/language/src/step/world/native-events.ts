import { namedId } from '../../values/named-id';
import type { Branch } from '../threads/branch';
import type { StepFailure } from '../threads/failures';
import { sourceOf } from './source';

/** Publishes `error` about a step that failed while the run goes on. `suffix` tells its id from those of the step's other effects. */
export function emitNative(branch: Branch, failure: StepFailure, suffix: string): void {
  const { code, message, automation, step, line, column } = failure;
  branch.request(
    {
      kind: 'emit',
      request: {
        id: namedId('evt', `${branch.machine.state.begin.run}/${branch.place}${suffix}`),
        event: 'error',
        payload: { code, message, automation, step, position: { line, column } },
        source: sourceOf(branch),
      },
    },
    suffix,
  );
}

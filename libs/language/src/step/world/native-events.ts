import type { Failure } from '../../problems/failure';
import { namedId } from '../../values/named-id';
import type { Branch } from '../threads/branch';
import { sourceOf } from './source';

/** Publishes `error` about a step that failed while the run goes on. `suffix` tells its id from those of the step's other effects. */
export function emitNative(branch: Branch, failure: Failure, suffix: string): void {
  const { code, message, automation, step, line, column } = failure;
  branch.request(
    {
      kind: 'emit',
      request: {
        id: namedId('evt', `${branch.machine.state.begin.run}/${branch.place}${suffix}`),
        event: 'error',
        payload: {
          code,
          message,
          automation: automation ?? null,
          step: step ?? null,
          position: { line: line ?? null, column: column ?? null },
        },
        source: sourceOf(branch),
      },
    },
    suffix,
  );
}

import type { PlannedNode } from '../../plan/nodes';
import type { StepFailure } from './failures';
import type { Branch } from './branch';
import type { Frame } from '../state';
import { emitNative } from '../world/native-events';

/** Does what `onError` of the present step says. False: the error goes on its way. Throws when telling of it exceeds a limit of the run. */
export function onStepError(branch: Branch, failure: StepFailure): boolean {
  const { node, top } = branch;
  if (node === undefined || node.onError === 'fail' || !isDirect(top)) return false;
  if (node.onError === 'emit') emitNative(branch, failure, top.f === 'assign' ? ':output:error' : ':error');
  if (top.f !== 'block') branch.pop();
  if (node.onError === 'break') branch.complete({ how: 'break', scope: 'automation' });
  else goOn(branch, node, top);
  return true;
}

/** Whether the error came from the step itself, not from instructions below it. */
function isDirect(top: Frame | undefined): top is Extract<Frame, { f: 'block' | 'assign' | 'drain' }> {
  return top?.f === 'block' || top?.f === 'assign' || top?.f === 'drain';
}

/** The result of a step that failed is null. One that cannot be put where it belongs is lost: trying again would fail again. */
function goOn(branch: Branch, node: PlannedNode, top: Frame): void {
  if (top.f !== 'assign') branch.deliver(node, [null]);
  else if (top.then === undefined) branch.next();
  else branch.complete(top.then);
}

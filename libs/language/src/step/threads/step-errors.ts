import type { Failure } from '../../problems/failure';
import type { Branch } from './branch';
import { emitNative } from '../world/native-events';

/** Does what `onError` of the present step says. False: the error goes on its way. */
export function onStepError(branch: Branch, failure: Failure): boolean {
  const { node } = branch;
  if (node === undefined || node.onError === 'fail' || !isDirect(branch)) return false;
  if (branch.top?.f === 'assign') branch.pop();
  if (node.onError === 'break') {
    branch.complete({ how: 'break', scope: 'automation' });
    return true;
  }
  if (node.onError === 'emit') emitNative(branch, failure);
  branch.deliver(node, [null]);
  return true;
}

/** Whether the error came from the step itself, not from instructions below it. */
function isDirect({ top }: Branch): boolean {
  return top?.f === 'block' || top?.f === 'assign';
}

import type { Branch } from './branch';
import { isFinal } from './failures';
import type { Completion, Frame } from '../state';

/**
 * Goes up the frames of a thread until one takes the completion in: a `try`, a loop, the automation that a `break` ends. Without any the
 * thread ends with it.
 */
export function unwind(branch: Branch, completion: Completion): void {
  let goes = completion;
  for (let frame = branch.top; frame !== undefined; frame = branch.top) {
    if (taken(branch, frame, goes)) return;
    branch.pop();
    goes = outlasting(frame, goes);
  }
  branch.thread.result = goes;
}

/** What a `finally` ends with replaces what it was entered for, unless that was a cancellation: nothing undoes one. */
function outlasting(frame: Frame, completion: Completion): Completion {
  const pending = frame.f === 'try' && frame.phase === 'finally' ? frame.pending : undefined;
  return pending?.how === 'cancel' && !isFinal(completion) ? pending : completion;
}

function taken(branch: Branch, frame: Frame, completion: Completion): boolean {
  switch (frame.f) {
    case 'repeat':
    case 'try':
    case 'branches': {
      const node = branch.nodeAt(frame.n);
      return node.operation.intercept?.(branch, node, frame, completion) ?? false;
    }
    case 'call':
      if (completion.how !== 'break') return false;
      frame.ended = completion;
      return true;
    case 'branch':
      if (completion.how === 'break' && frame.writes !== undefined) branch.thread.writes = frame.writes;
      return false;
    case 'await':
      branch.machine.giveUp(frame.id);
      return false;
    default:
      return false;
  }
}

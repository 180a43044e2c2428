import type { Json } from '@millrace/kernel';
import type { PlannedNode } from '../../plan/nodes';
import { isMap, ownOf } from '../../values/value';
import { boxed } from './assign';
import type { Branch } from './branch';
import type { Completion, RepeatFrame } from '../state';

/** Takes the next pass of a loop whose passes follow each other. False: its stream has to be asked first. */
export function proceedLoop(branch: Branch, node: PlannedNode, frame: RepeatFrame, inner: number): boolean {
  if (frame.next === undefined) {
    if (frame.ended === true || frame.pass + 1 >= frame.passes) return finishLoop(branch, node, frame);
    frame.pass += 1;
    branch.machine.passes += 1;
    if (frame.stream !== undefined) {
      branch.await(node, { kind: 'chunk', request: { stream: frame.stream } }, { suffix: ':chunk' });
      return false;
    }
  }
  branch.variables.lay('item', frame.next ?? itemOf(frame));
  delete frame.next;
  branch.variables.lay('$index', [frame.pass]);
  branch.enterBlock(inner);
  return true;
}

function itemOf({ items, pass }: RepeatFrame): readonly Json[] {
  return items === undefined ? [pass] : boxed(items[pass]);
}

function finishLoop(branch: Branch, node: PlannedNode, frame: RepeatFrame): true {
  restore(branch, frame);
  branch.finish(node);
  return true;
}

/** What a stream answered: an item, or that there are no more. */
export function takeChunk(frame: RepeatFrame, value: Json): void {
  const item = isMap(value) ? ownOf(value, 'item') : undefined;
  if (item === undefined) frame.ended = true;
  else frame.next = [item];
}

/** A completion reaches the loop: its own `break` ends it, anything else passes through. */
export function interceptLoop(branch: Branch, node: PlannedNode, frame: RepeatFrame, completion: Completion): boolean {
  restore(branch, frame);
  if (completion.how !== 'break' || completion.scope !== 'repeat') return false;
  branch.finish(node, completion.payload === undefined ? [] : [completion.payload]);
  return true;
}

function restore(branch: Branch, { before }: RepeatFrame): void {
  branch.variables.lay('item', before[0]);
  branch.variables.lay('$index', before[1]);
}

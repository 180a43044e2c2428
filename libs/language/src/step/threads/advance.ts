import type { Branch } from './branch';
import { assign } from './assign';
import { endAutomation } from './end-automation';
import { refusalInRun } from './failures';
import type { BlockFrame, ScopeFrame } from '../state';
import { ContextNeeded } from '../world/views';

/** Does the next thing of a thread. False: it is held, or at its end. */
export function advance(branch: Branch): boolean {
  try {
    return move(branch);
  } catch (error) {
    if (error instanceof ContextNeeded) awaitContext(branch, error);
    else branch.fail(refusalInRun(error));
    return true;
  }
}

function move(branch: Branch): boolean {
  const frame = branch.top;
  if (frame === undefined) return false;
  switch (frame.f) {
    case 'await':
      return false;
    case 'block':
      takeInstruction(branch, frame);
      return true;
    case 'call':
      endAutomation(branch, frame);
      return true;
    case 'branch':
      endBranch(branch, frame);
      return true;
    case 'assign':
      assign(branch, frame);
      return true;
    default: {
      const node = branch.nodeAt(frame.n);
      return node.operation.proceed?.(branch, node, frame) ?? false;
    }
  }
}

function takeInstruction(branch: Branch, frame: BlockFrame): void {
  const { body } = branch;
  const n = body.blocks[frame.b]?.nodes[frame.i];
  if (n === undefined) {
    branch.pop();
    if (branch.top?.f === 'block') branch.next();
    return;
  }
  branch.machine.instruction();
  const node = branch.nodeAt(n);
  if (node.operation.enter(branch, node) === 'done') branch.next();
}

function endBranch(branch: Branch, frame: ScopeFrame): void {
  branch.thread.result = { how: 'return' };
  branch.thread.frames = [];
  if (frame.writes !== undefined && frame.writes.length > 0) branch.thread.writes = frame.writes;
}

function awaitContext(branch: Branch, { key, request }: ContextNeeded): void {
  const { state } = branch.machine;
  const underWay = Object.hasOwn(state.loading, key) ? state.loading[key] : undefined;
  if (underWay === undefined) state.counts.loads += 1;
  const id = underWay ?? branch.request({ kind: 'load', request, blocks: true }, `:${request.context}~${state.counts.loads}`);
  state.loading = { ...state.loading, [key]: id };
  branch.push({ f: 'await', id });
}

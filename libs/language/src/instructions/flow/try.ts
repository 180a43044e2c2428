import type { Instruction } from '../../plan/instruction';
import { childOf } from '../../read/tree';
import { block, map } from '../../shapes/shape';
import type { Branch } from '../../step/threads/branch';
import { errorVariable, isCatchable, isFinal } from '../../step/threads/failures';
import type { Completion, TryFrame } from '../../step/state';
import type { PlannedNode } from '../../plan/nodes';

interface Blocks {
  readonly attempt: number;
  readonly handler: number | undefined;
  readonly closing: number | undefined;
}

/** Takes errors in, and makes sure of what comes afterwards. */
export const attempt: Instruction = {
  name: 'try',
  summary: 'Takes other instructions when one fails (catch), and some in any case (finally)',
  step: false,
  body: map({
    do: { shape: block, is: 'What may fail', required: true },
    catch: { shape: block, is: 'What to do then; $error says what happened' },
    finally: { shape: block, is: 'What to do afterwards in any case, also after a break' },
  }),
  plan: (body, planner) => {
    const handler = childOf(body, 'catch');
    const closing = childOf(body, 'finally');
    const blocks: Blocks = {
      attempt: planner.block(childOf(body, 'do')),
      handler: handler === undefined ? undefined : planner.block(handler),
      closing: closing === undefined ? undefined : planner.block(closing),
    };
    return {
      enter: (branch, node) => {
        branch.push({ f: 'try', n: node.n, phase: 'do', before: [] });
        branch.enterBlock(blocks.attempt);
        return 'entered';
      },
      proceed: (branch, node, frame) => proceed(branch, node, frame as TryFrame, blocks),
      intercept: (branch, _, frame, completion) => intercept(branch, frame as TryFrame, completion, blocks),
    };
  },
};

function proceed(branch: Branch, node: PlannedNode, frame: TryFrame, { closing }: Blocks): boolean {
  if (frame.phase === 'catch') branch.variables.lay('$error', frame.before);
  if (frame.phase === 'finally' || closing === undefined) {
    branch.pop();
    if (frame.pending === undefined) branch.deliver(node, []);
    else branch.complete(frame.pending);
    return true;
  }
  frame.phase = 'finally';
  branch.enterBlock(closing);
  return true;
}

function intercept(branch: Branch, frame: TryFrame, completion: Completion, { handler, closing }: Blocks): boolean {
  if (completion.how === 'error' && frame.phase === 'do' && handler !== undefined && isCatchable(completion.failure)) {
    frame.phase = 'catch';
    frame.before = branch.variables.lift('$error');
    branch.variables.lay('$error', [errorVariable(completion.failure)]);
    branch.enterBlock(handler);
    return true;
  }
  if (frame.phase === 'catch') branch.variables.lay('$error', frame.before);
  if (frame.phase === 'finally' || closing === undefined || isFinal(completion)) return false;
  frame.phase = 'finally';
  frame.pending = completion;
  branch.enterBlock(closing);
  return true;
}

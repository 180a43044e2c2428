import type { Json } from '@millrace/kernel';
import type { Branch } from './branch';
import type { ScopeFrame } from '../state';

/** An automation is through: evaluates its output and hands it to the caller, or ends the thread. */
export function endAutomation(branch: Branch, frame: ScopeFrame): void {
  const { ended } = frame;
  const payload = ended?.payload;
  const output = payload === undefined ? branch.evaluate(branch.body.output) : payload;
  branch.pop();
  const caller = branch.top;
  if (caller === undefined) {
    const value: Json = output ?? null;
    branch.thread.result = { how: 'return', value, ...(ended === undefined ? {} : { break: true }) };
    return;
  }
  if (ended?.scope === 'all') branch.complete({ how: 'break', scope: 'all' });
  else if (branch.node !== undefined) branch.deliver(branch.node, output === undefined ? [] : [output]);
}

import type { Instruction } from '../plan/instruction';
import { childOf } from '../read/tree';
import { map, path } from '../shapes/shape';
import { keysFor, writeKeys } from '../step/threads/assign';
import { STEP_FIELDS } from './step';

/** Removes a variable, a key or an item. */
export const remove: Instruction = {
  name: 'delete',
  summary: 'Removes a variable, a key of a map, or an item of a list so that later ones move up',
  step: false,
  body: map({ name: { shape: path, is: 'The path of what to remove; nothing there is fine', required: true }, ...STEP_FIELDS }),
  plan: (body, planner) => {
    const target = planner.path(childOf(body, 'name'));
    return {
      enter: (branch, node) => {
        const { keys } = keysFor(branch, target, 'delete');
        writeKeys(branch, { keys, op: 'delete', value: undefined }, ':write');
        if (node.output === undefined) return 'done';
        branch.deliver(node, []);
        return 'entered';
      },
    };
  },
};

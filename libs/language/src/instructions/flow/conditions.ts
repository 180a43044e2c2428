import type { Evaluate } from '../../expressions/env';
import type { Instruction } from '../../plan/instruction';
import { branches } from '../../shapes/shape';
import { isTrue } from '../../values/value';

/** Takes the first branch whose condition holds. */
export const conditions: Instruction = {
  name: 'conditions',
  summary: 'Takes the instructions of the first condition that holds, else those of default',
  step: false,
  body: branches,
  plan: (body, planner) => {
    const entries = body?.kind === 'map' ? body.entries : [];
    const tried = entries
      .filter(({ key }) => key !== 'default')
      .map(({ at, value }): { readonly holds: Evaluate; readonly block: number } => ({
        holds: planner.condition(at),
        block: planner.block(value),
      }));
    const otherwise = entries.find(({ key }) => key === 'default');
    const fallback = otherwise === undefined ? undefined : planner.block(otherwise.value);
    return {
      enter: (branch) => {
        const block = tried.find(({ holds }) => isTrue(branch.evaluate(holds)))?.block ?? fallback;
        if (block === undefined) return 'done';
        branch.enterBlock(block);
        return 'entered';
      },
    };
  },
};

import type { Instruction } from '../../plan/instruction';
import { LanguageError } from '../../problems/language-error';
import { childOf } from '../../read/tree';
import { entries, either, integer, map } from '../../shapes/shape';
import { interceptBranches, proceedBranches } from '../../step/threads/branches';
import type { Fork } from '../../step/threads/branches';
import type { BranchesFrame } from '../../step/state';
import { numberOf } from '../../values/value';

/** Takes instructions side by side. */
export const all: Instruction = {
  name: 'all',
  summary: 'Takes its entries side by side and waits for all of them; each has its own copy of the variables',
  step: false,
  body: either(
    entries,
    map({
      do: { shape: entries, is: 'Instructions, or lists of them', required: true },
      concurrency: { shape: integer(1, 100), is: 'How many run at once', default: 'all of them' },
    }),
  ),
  plan: (body, planner) => {
    const written = body?.kind === 'list' ? body : childOf(body, 'do');
    const most = body?.kind === 'map' ? childOf(body, 'concurrency') : undefined;
    const concurrency = most === undefined ? undefined : planner.template(most);
    const blocks = written?.kind === 'list' ? written.items.map((item) => planner.entry(item)) : [];
    const fork: Fork = { loop: false, blockOf: (at) => blocks[at] ?? 0, pathOf: (at) => `/${at}` };
    return {
      enter: (branch, node) => {
        const limit = branch.machine.limits.branches;
        if (blocks.length > limit)
          throw new LanguageError('runtime.run_limit', `\`all\` has ${blocks.length} branches; ${limit} are the most.`);
        const wanted = concurrency === undefined ? blocks.length : numberOf(branch.evaluate(concurrency));
        if (wanted === undefined) throw new LanguageError('language.argument_type', '`all.concurrency` must be a number.');
        branch.push({
          f: 'branches',
          n: node.n,
          total: blocks.length,
          most: Math.max(1, wanted),
          begun: 0,
          paused: 0,
          threads: [],
          done: [],
        });
        return 'entered';
      },
      proceed: (branch, node, frame) => proceedBranches(branch, node, frame as BranchesFrame, fork),
      intercept: (branch, _, frame, completion) => interceptBranches(branch, frame as BranchesFrame, completion),
      settle: () => ({ proceed: true }),
    };
  },
};

import type { Command, Flag } from '../command';
import { inWorkspace, timeout } from './flags';

const to: Flag = { name: 'to', value: 'TARGET', does: 'The server, by the name it has here' };
const take: Flag = {
  name: 'take',
  value: 'WHOSE[:PATH]',
  does: 'mine or theirs, where the server changed a file meanwhile; may be given more than once',
};
const prune: Flag = { name: 'prune', does: 'Removes files that only the server has' };
const commit: Flag = { name: 'commit', value: 'SHA', does: 'The commit the files are of; without it, the one that is checked out' };

/** Commands that bring a folder to a server, and back. */
export const APPLY: readonly Command[] = [
  {
    name: 'plan',
    does: 'Shows what `millrace apply` would change on a server, and changes nothing',
    operands: '',
    mostOperands: 0,
    flags: [
      to,
      prune,
      take,
      commit,
      { name: 'out', value: 'FILE', does: 'Saves the plan for `millrace apply --plan FILE`' },
      ...inWorkspace,
    ],
    examples: [
      { line: 'millrace plan --to team', shows: 'the folder, the server, and what both were when they last met' },
      { line: 'millrace plan --prune --out plan.json', shows: 'with what would be removed, and saved' },
    ],
    more: ['Exit code 0: nothing to do · 10: there are changes · 5: the server has changed meanwhile · 1: the files have errors.'],
    load: async () => (await import('../../apply/plan')).performPlan,
  },
  {
    name: 'apply',
    does: 'Checks and tests the workspace in this folder, writes it to a server as a whole, and publishes it',
    operands: '',
    mostOperands: 0,
    flags: [
      to,
      prune,
      take,
      commit,
      { name: 'draft', does: 'Publishes nothing: what runs stays as it is' },
      { name: 'skip-tests', does: 'Leaves the tests out' },
      { name: 'plan', value: 'FILE', does: 'Only if it does what this saved plan says' },
      { name: 'message', short: 'm', value: 'TEXT', does: 'What changed, for people' },
      timeout('How long the runtimes may take to run it, 30s without it; exit code 6 when one does not'),
      ...inWorkspace,
    ],
    examples: [
      { line: "millrace apply --to team -m 'greet by name'", shows: 'all of it or nothing' },
      { line: 'millrace apply --take theirs:automations/greet.yaml', shows: 'that file stays as it is on the server' },
    ],
    more: ['Runs that have begun end on their version. `millrace rollback` makes an older one run again.'],
    load: async () => (await import('../../apply/apply')).performApply,
  },
  {
    name: 'pull',
    does: 'Brings into this folder what has changed on a server since the two last met',
    operands: '',
    mostOperands: 0,
    flags: [to, take, { name: 'dry-run', does: 'Changes nothing here' }, ...inWorkspace],
    examples: [{ line: 'millrace pull', shows: 'files that only the server changed; exit code 5 when both did' }],
    load: async () => (await import('../../apply/pull')).performPull,
  },
  {
    name: 'rollback',
    does: 'Makes an older version the one that runs; the draft stays as it is',
    operands: '[VERSION]',
    mostOperands: 1,
    flags: [to, ...inWorkspace],
    examples: [
      { line: 'millrace rollback', shows: 'the version before the one that runs' },
      { line: 'millrace rollback 12', shows: 'that one' },
    ],
    load: async () => (await import('../../versions/activate')).performRollback,
  },
];

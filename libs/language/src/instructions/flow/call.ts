import type { JsonMap } from '@millrace/kernel';
import type { Instruction } from '../../plan/instruction';
import type { PlannedAutomation } from '../../plan/plan';
import type { PlannedNode } from '../../plan/nodes';
import { LanguageError } from '../../problems/language-error';
import { any, map } from '../../shapes/shape';
import type { Branch } from '../../step/threads/branch';
import { isMap, ownOf, without } from '../../values/value';
import { acceptLocals } from '../../step/threads/arguments';
import { OUTPUT } from '../step';

const BODY = map(OUTPUT, any);

/** A key that is no instruction: calls the automation of that slug in the same run. */
export const call: Instruction = {
  name: 'call',
  summary: 'Calls another automation in the same run',
  step: false,
  body: BODY,
  plan: (body, planner) => {
    const evaluate = planner.parameters(body, BODY);
    return {
      enter: (branch, node) => {
        const target = resolve(branch, node.name);
        const given = branch.evaluate(evaluate);
        const locals = without(isMap(given) ? given : {}, 'output');
        if (target.authorization === undefined) return begin(branch, node, target, locals);
        const request = { action: target.authorization, slug: target.slug };
        branch.await(node, { kind: 'authorize', request }, { suffix: ':authorize', kept: locals });
        return 'entered';
      },
      settle: (branch, node, value, locals) => {
        const target = resolve(branch, node.name);
        if (!isMap(value) || ownOf(value, 'allowed') !== true) throw forbidden(target);
        begin(branch, node, target, locals);
        return { proceed: true };
      },
    };
  },
};

/** The automation a slug stands for where it is written: one of the same workspace or app, or a public one of an app installed there. */
function resolve(branch: Branch, name: string): PlannedAutomation {
  const { instance } = branch.automation;
  const target = branch.machine.plan.automations.get(instance === '' ? name : `${instance}.${name}`);
  const allowed =
    target !== undefined &&
    !target.disabled &&
    (target.instance === instance || (!target.private && isDirectApp(instance, target.instance)));
  if (allowed) return target;
  const why = target?.disabled === true ? 'is disabled' : target?.private === true ? 'is private' : 'does not exist';
  throw new LanguageError('runtime.automation_not_found', `The automation \`${name}\` ${why}.`);
}

function isDirectApp(instance: string, other: string): boolean {
  const prefix = instance === '' ? '' : `${instance}.`;
  return other.startsWith(prefix) && !other.slice(prefix.length).includes('.');
}

function begin(branch: Branch, node: PlannedNode, target: PlannedAutomation, locals: JsonMap): 'entered' {
  const { scope, machine } = branch;
  const depth = scope.depth + 1;
  if (depth > machine.limits.depth) {
    throw new LanguageError(
      'runtime.depth_exceeded',
      `\`${node.name}\` would be the call number ${depth} in a row; ${machine.limits.depth} are the most.`,
    );
  }
  machine.nesting.refuse(locals);
  const vars = acceptLocals(machine.state, target, locals);
  branch.push({ f: 'call', slug: target.slug, trigger: { type: 'automation', value: scope.slug }, depth, vars });
  branch.enterBlock(target.body.main);
  return 'entered';
}

function forbidden(target: PlannedAutomation): LanguageError {
  return new LanguageError(
    'runtime.forbidden',
    `Calling \`${target.slug}\` needs a rule that allows \`${target.authorization ?? ''}\` on automations.`,
  );
}

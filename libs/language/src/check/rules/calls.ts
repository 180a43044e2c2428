import { call } from '../../instructions/flow/call';
import type { Problem } from '../../problems/problem';
import { problemIn, withSeverity } from '../../read/report';
import type { MapEntry, MapTree } from '../../read/tree';
import { isMap, ownOf } from '../../values/value';
import type { JsonMap } from '@millrace/kernel';
import type { Step } from '../facts';
import { mismatches } from '../literals';
import { remark, unknownName } from '../rule';
import type { Rule, Surroundings } from '../rule';
import { calleeNamed } from '../workspace/callee';
import type { Unmet } from '../workspace/callee';

/** Calls: of automations that are not there, that are private, or with arguments they do not take. */
export const calls: Rule = (facts, around) => {
  const prisme = facts.automation.prisme;
  return facts.steps.flatMap((step) => (step.instruction === call ? callProblems(step, around, prisme) : []));
};

function callProblems(step: Step, around: Surroundings, prisme: boolean): readonly Problem[] {
  const { name, entry } = step;
  const callee = calleeNamed(name, around);
  if (callee === undefined) return [];
  if ('unmet' in callee) return [unmet(step, callee)];
  const hidden = callee.private === true ? [problemIn('automation-private', entry.at, `\`${name}\` is private to its app.`)] : [];
  const off = `\`${name}\` is disabled: this call fails until it is switched on again.`;
  const disabled = callee.disabled === true ? [remark('warning', 'automation-unknown', entry.at, off)] : [];
  return [...hidden, ...disabled, ...argumentProblems(step, callee.arguments, prisme)];
}

function unmet({ name, entry }: Step, { unmet: code, part, known }: Unmet): Problem {
  const message =
    code === 'app-unknown' ? `There is no app installed as \`${part}\`.` : `There is no instruction and no automation \`${part}\`.`;
  const spans = { problem: { at: 0, end: name.length }, name: { at: 0, end: part.length } };
  return unknownName(code, entry.at, message, { name: part, known, spans });
}

function argumentProblems(step: Step, declared: JsonMap | undefined, prisme: boolean): readonly Problem[] {
  if (declared === undefined || (step.body !== undefined && step.body.kind !== 'map')) return [];
  const passed = step.body?.entries.filter(({ key }) => key !== 'output') ?? [];
  return [...missing(step, declared, passed, prisme), ...passed.flatMap((entry) => passedProblems(entry, declared))];
}

function missing(step: Step, declared: JsonMap, passed: MapTree['entries'], prisme: boolean): readonly Problem[] {
  return Object.entries(declared)
    .filter(
      ([name, schema]) =>
        isMap(schema) && schema['required'] === true && schema['default'] === undefined && !passed.some(({ key }) => key === name),
    )
    .map(([name]) =>
      remark(prisme ? 'warning' : 'error', 'argument-missing', step.entry.at, `\`${step.name}\` needs the argument \`${name}\`.`),
    );
}

function passedProblems({ key, at, value }: MapEntry, declared: JsonMap): readonly Problem[] {
  const schema = ownOf(declared, key);
  if (schema === undefined) {
    const problem = unknownName('argument-unknown', at, `The automation declares no argument \`${key}\`.`, {
      name: key,
      known: Object.keys(declared),
    });
    return [withSeverity(problem, 'warning')];
  }
  const [problem] = mismatches(schema, value);
  return problem === undefined
    ? []
    : [problemIn('argument-type', problem.tree, `The argument \`${key}\` does not fit: ${problem.message}.`)];
}

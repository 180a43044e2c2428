import { INSTRUCTIONS } from '../../instructions/table';
import { call } from '../../instructions/flow/call';
import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import { valueOf } from '../../read/tree';
import type { MapEntry, MapTree } from '../../read/tree';
import { compileSchema } from '../../schema/compile-schema';
import { SchemaInvalid } from '../../schema/schema';
import { didYouMean } from '../../shapes/nearest';
import { isMap, ownOf } from '../../values/value';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Step } from '../facts';
import { remark, unknownName } from '../rule';
import type { Rule, Surroundings } from '../rule';

interface Callee {
  readonly private?: boolean;
  readonly arguments?: JsonMap;
}

/** Calls: of automations that are not there, that are private, or with arguments they do not take. */
export const calls: Rule = (facts, around) => {
  const prisme = facts.automation.prisme;
  return facts.steps.flatMap((step) => (step.instruction === call ? callProblems(step, around, prisme) : []));
};

function callProblems(step: Step, around: Surroundings, prisme: boolean): readonly Problem[] {
  const target = calleeOf(step.name, around);
  if (target === 'unsaid') return [];
  if (typeof target === 'object') return argumentProblems(step, target, prisme);
  const known = [...INSTRUCTIONS.keys(), ...around.instance.slugs];
  if (target === 'app-unknown') {
    const instance = step.name.split('.')[0] ?? '';
    return [
      unknownName('app-unknown', step.entry.at, `There is no app installed as \`${instance}\`.`, { name: instance, known: appsOf(around) }),
    ];
  }
  return [
    unknownName('automation-unknown', step.entry.at, `There is no instruction and no automation \`${step.name}\`.`, {
      name: step.name,
      known,
    }),
  ];
}

function appsOf({ reading, known }: Surroundings): readonly string[] {
  return [
    ...Object.keys(known.apps ?? {}),
    ...reading.instances.map(({ path }) => path).filter((path) => path !== '' && !path.includes('.')),
  ];
}

function calleeOf(name: string, around: Surroundings): Callee | 'unsaid' | 'app-unknown' | 'automation-unknown' {
  const own = around.instance.automations.find(({ slug }) => slug === name);
  if (own !== undefined) return argumentsOf(own.value, false);
  const [instance = '', ...rest] = name.split('.');
  if (rest.length === 0) return 'automation-unknown';
  const slug = rest.join('.');
  const inSources = around.reading.instances.find(({ path }) => path === instance);
  if (inSources !== undefined) {
    const found = inSources.automations.find((automation) => automation.slug === slug);
    return found === undefined ? 'automation-unknown' : argumentsOf(found.value, found.value['private'] === true);
  }
  if (around.known.apps === undefined) return 'unsaid';
  if (!Object.hasOwn(around.known.apps, instance)) return 'app-unknown';
  const automations = around.known.apps[instance]?.automations ?? {};
  return (Object.hasOwn(automations, slug) ? automations[slug] : undefined) ?? 'automation-unknown';
}

function argumentsOf(value: JsonMap, isPrivate: boolean): Callee {
  const args = ownOf(value, 'arguments');
  return { private: isPrivate, ...(isMap(args) ? { arguments: args } : {}) };
}

function argumentProblems(step: Step, callee: Callee, prisme: boolean): readonly Problem[] {
  const hidden = callee.private === true ? [problemIn('automation-private', step.entry.at, `\`${step.name}\` is private to its app.`)] : [];
  if (callee.arguments === undefined || (step.body !== undefined && step.body.kind !== 'map')) return hidden;
  const passed = step.body?.entries.filter(({ key }) => key !== 'output') ?? [];
  return [
    ...hidden,
    ...missing(step, callee.arguments, passed, prisme),
    ...passed.flatMap((entry) => passedProblems(entry, callee.arguments ?? {})),
  ];
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
    const names = Object.keys(declared);
    return [remark('warning', 'argument-unknown', at, `The automation declares no argument \`${key}\`.${didYouMean(key, names)}`)];
  }
  const literal = valueOf(value);
  if (holdsTemplate(literal)) return [];
  const [problem] = validated(schema, literal);
  return problem === undefined ? [] : [problemIn('argument-type', value, `The argument \`${key}${problem.pointer}\` ${problem.detail}.`)];
}

function validated(schema: Json, value: Json): readonly { readonly pointer: string; readonly detail: string }[] {
  try {
    return compileSchema(schema)(value, '');
  } catch (error) {
    if (error instanceof SchemaInvalid) return [];
    throw error;
  }
}

/** Whether a value is known only in a run. */
export function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return /\{\{|\{%/.test(value);
  if (Array.isArray(value)) return (value as readonly Json[]).some(holdsTemplate);
  return isMap(value) && Object.values(value).some(holdsTemplate);
}

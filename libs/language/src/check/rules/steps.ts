import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import { childOf, emptyMap } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { literalText } from '../facts';
import type { Step } from '../facts';
import type { KnownAction } from '../known';
import { mismatches } from '../literals';
import { remark, unknownName } from '../rule';
import type { Rule } from '../rule';

const MODULES = ['text', 'crypto', 'collections', 'secrets', 'access-manager'];
const LATER: ReadonlySet<string> = new Set(['collections', 'secrets', 'access-manager']);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Actions that are not there, or are given what they do not take. */
export const actions: Rule = ({ steps }, { known }) => {
  const found = known.actions;
  return found === undefined ? [] : steps.flatMap((step) => (step.name === 'action' ? actionProblems(step, found) : []));
};

function actionProblems({ body, entry }: Step, known: Readonly<Record<string, KnownAction>>): readonly Problem[] {
  const written = literalText(body, 'name');
  if (written === undefined) return [];
  const name = String(written.value);
  const action = Object.hasOwn(known, name) ? known[name] : undefined;
  if (action === undefined) {
    if (isOfUntoldApp(name, known)) return [];
    return [unknownName('action-unknown', written, `There is no action \`${name}\`.`, { name, known: Object.keys(known) })];
  }
  const given = childOf(body, 'inputs') ?? emptyMap(entry);
  return mismatches(action.inputs ?? {}, given).map(({ tree, missing, message }) =>
    problemIn(missing ? 'argument-missing' : 'argument-type', tree, `The inputs of \`${name}\` do not fit: ${message}.`),
  );
}

/** Whether an action is one of an app (`<instance>/<name>`) of which no action is told. */
function isOfUntoldApp(name: string, known: Readonly<Record<string, KnownAction>>): boolean {
  const [, prefix] = /^([^/]+\/)/.exec(name) ?? [];
  return prefix !== undefined && !Object.keys(known).some((one) => one.startsWith(prefix));
}

/** Modules that are not there, or not yet. */
export const modules: Rule = ({ steps }) =>
  steps.flatMap(({ name, body }) => {
    const written = name === 'run' ? literalText(body, 'module') : undefined;
    if (written === undefined) return [];
    const module = String(written.value);
    if (LATER.has(module)) return [remark('warning', 'not-supported', written, `The module \`${module}\` is not there yet.`)];
    return MODULES.includes(module)
      ? []
      : [unknownName('module-unknown', written, `There is no module \`${module}\`.`, { name: module, known: MODULES })];
  });

/** Calls of hosts that the workspace does not reach, as far as their names are written out. */
export const hosts: Rule = ({ steps }, { known }) => {
  const reached = known.hosts;
  return reached === undefined
    ? []
    : steps.flatMap(({ name, body }) => (name === 'fetch' ? hostProblems(childOf(body, 'url'), reached) : []));
};

function hostProblems(url: Tree | undefined, reached: readonly string[]): readonly Problem[] {
  if (url?.kind !== 'scalar') return [];
  const [origin = ''] = /^https?:\/\/[^/?#{}@\s]+(?=[/?#]|$)/i.exec(String(url.value)) ?? [];
  if (!URL.canParse(origin)) return [];
  const { hostname } = new URL(origin);
  if (reached.includes(hostname)) return [];
  const message = `The workspace does not reach \`${hostname}\`: its \`settings.egress\` names other hosts, so the call is refused.`;
  return [remark('warning', 'host-unreached', url, message)];
}

/** Methods that no call can have. A run does not mind how they are capitalised. */
export const methods: Rule = ({ steps }) =>
  steps.flatMap(({ name, body }) => {
    const written = name === 'fetch' ? literalText(body, 'method') : undefined;
    if (written === undefined) return [];
    const method = String(written.value);
    if (METHODS.includes(method.toUpperCase())) return [];
    return [unknownName('value-invalid', written, `\`${method}\` is not one of ${METHODS.join(', ')}.`, { name: method, known: METHODS })];
  });

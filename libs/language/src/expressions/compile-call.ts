import { LanguageError } from '../problems/language-error';
import type { Expression } from './ast';
import type { Dialect, Evaluate } from './env';
import { FUNCTIONS } from './functions/functions';
import type { Call, FunctionSpec } from './functions/function';

type CallNode = Extract<Expression, { kind: 'call' }>;
type Compile = (node: Expression) => Evaluate;

/** Compiles a call of a function. An unknown name or a wrong number of arguments fails when it is evaluated. */
export function compileCall(node: CallNode, compile: Compile, dialect: Dialect): Evaluate {
  return compileApplication(node, compile, dialect, (spec) => spec.apply);
}

/** Compiles `f(…).field` for functions whose results have computed fields; undefined for anything else. */
export function compileField(node: Extract<Expression, { kind: 'field' }>, compile: Compile, dialect: Dialect): Evaluate | undefined {
  const call = node.of;
  const fields = call.kind === 'call' ? FUNCTIONS.get(call.name)?.fields : undefined;
  if (call.kind !== 'call' || fields === undefined) return undefined;
  const field = Object.hasOwn(fields, node.name) ? fields[node.name] : undefined;
  if (field !== undefined) return compileApplication(call, compile, dialect, () => field);
  return failing(
    'language.expression_field',
    `\`${call.name}\` has no field ${node.name}; there are ${Object.keys(fields).join(', ')}.`,
    node,
  );
}

function compileApplication(
  node: CallNode,
  compile: Compile,
  dialect: Dialect,
  choose: (spec: FunctionSpec) => (call: Call) => ReturnType<Evaluate>,
): Evaluate {
  const spec = FUNCTIONS.get(node.name);
  const args = node.args.map((arg) => compile(spec?.wordsAreVariables === true ? variable(arg) : arg));
  const problem = callProblem(node, dialect);
  if (spec === undefined || problem !== undefined) return failing(problem?.code ?? '', problem?.message ?? '', node);
  const apply = choose(spec);
  const site = { at: node.at, end: node.end, prisme: dialect.prisme };
  return (env) => apply({ name: node.name, args: args.map((arg) => arg(env)), env, site });
}

/** What keeps a call from ever working: the name, or the number of arguments. */
export function callProblem(node: CallNode, dialect: Dialect): { readonly code: string; readonly message: string } | undefined {
  const spec = FUNCTIONS.get(node.name);
  if (spec === undefined) return { code: 'language.expression_function', message: `There is no function ${node.name}.` };
  const count = node.args.length;
  if (count >= spec.least && (count <= spec.most || dialect.prisme)) return undefined;
  return {
    code: 'language.expression_arity',
    message: `\`${spec.name}(${spec.parameters})\` cannot take ${count} argument${count === 1 ? '' : 's'}.`,
  };
}

function variable(node: Expression): Expression {
  if (node.kind !== 'word') return node;
  return { kind: 'reference', pieces: [node.word], keys: [node.word], append: false, at: node.at, end: node.end };
}

function failing(code: string, message: string, span: { readonly at: number; readonly end: number }): Evaluate {
  return () => {
    throw new LanguageError(code, message, span);
  };
}

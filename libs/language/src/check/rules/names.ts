import type { Reference } from '../../expressions/ast';
import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import type { Tree } from '../../read/tree';
import { entryOf } from '../../read/tree';
import { pathText } from '../../values/write';
import { literalText } from '../facts';
import { rootOf, rootSpan } from '../root-of';
import type { Facts, Read } from '../facts';
import { unknownName } from '../rule';
import type { Rule } from '../rule';

/** Read-only keys of contexts; every key of `$workspace` and `secret`. */
const READ_ONLY: Readonly<Record<string, readonly string[] | true>> = {
  global: ['workspaceId', 'workspaceName', 'apiUrl', 'consoleUrl', 'endpoints'],
  user: ['email', 'authData', 'role', 'groups'],
  session: [],
  socket: [],
  config: [],
  run: [
    ...['id', 'depth', 'correlationId', 'socketId', 'ip', 'date', 'trigger', 'automationSlug', 'appSlug', 'appInstanceSlug'],
    ...['appInstanceFullSlug', 'parentAppSlug', 'sourceWorkspaceId', 'authenticatedWorkspaceId', 'version'],
  ],
  $workspace: true,
  secret: true,
};

/** The names of contexts, and what looks like one. */
export const CONTEXTS: ReadonlySet<string> = new Set(Object.keys(READ_ONLY));

/** Secrets that are not there, or that would be seen. */
export const secrets: Rule = (facts, { known }) =>
  facts.reads
    .filter(({ reference }) => rootOf(reference) === 'secret')
    .flatMap((read) => [...unknownSecret(read, known.secrets), ...exposed(read, facts)]);

function unknownSecret({ reference, text }: Read, names: readonly string[] | undefined): readonly Problem[] {
  const name = reference.keys?.[1];
  if (names === undefined || name === undefined || names.includes(name)) return [];
  const at = text.text.indexOf(name, rootSpan(reference, 'secret').end);
  const spans = { problem: reference, name: { at, end: at + name.length } };
  return [unknownName('secret-unknown', text.tree, `There is no secret \`${name}\`.`, { name, known: names, spans })];
}

function exposed({ reference, text }: Read, facts: Facts): readonly Problem[] {
  const where = exposureOf(text.tree, facts);
  if (where === undefined) return [];
  return [problemIn('secret-exposed', text.tree, `A secret must not stand in ${where}; it would be kept or seen by others.`, reference)];
}

function exposureOf(tree: Tree, { steps, automation }: Facts): string | undefined {
  const output = entryOf(automation.tree, 'output');
  if (output !== undefined && isInside(tree, output.value)) return '`output`';
  const step = steps.find(({ name, body }) => (name === 'emit' || name === 'set') && body !== undefined && isInside(tree, body));
  if (step?.name === 'emit') return '`emit`';
  const target = step === undefined ? undefined : literalText(step.body, 'name');
  return target !== undefined && CONTEXTS.has(String(target.value).split(/[.[]/)[0] ?? '') ? '`set` of a context' : undefined;
}

function isInside(tree: Tree, of: Tree): boolean {
  return tree.pointer === of.pointer || tree.pointer.startsWith(`${of.pointer}/`);
}

/** Writes to what is read-only. */
export const readOnly: Rule = ({ writes }) =>
  writes.flatMap(({ reference, text }) => {
    const why = refusalOf(reference);
    return why === undefined ? [] : [problemIn('context-read-only', text.tree, why)];
  });

function refusalOf(reference: Reference): string | undefined {
  const context = rootOf(reference) ?? '';
  const fixed = Object.hasOwn(READ_ONLY, context) ? READ_ONLY[context] : undefined;
  if (fixed === true) return `\`${context}\` is read-only.`;
  if (fixed === undefined || reference.keys === undefined) return undefined;
  const [, key, ...more] = reference.keys;
  if (key === undefined) return `A context cannot be written as a whole; write \`${context}.<key>\`.`;
  const isFixed = fixed.includes(key) || (key === 'id' && more.length > 0 && context !== 'global');
  return isFixed ? `\`${pathText(reference.keys)}\` is read-only.` : undefined;
}

import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import type { Tree } from '../../read/tree';
import { compileSchema } from '../../schema/compile-schema';
import { SchemaInvalid } from '../../schema/schema';
import { entryOf, valueOf } from '../../read/tree';
import { pathText } from '../../values/write';
import { literalText } from '../facts';
import type { Facts, Read } from '../facts';
import { remark, unknownName } from '../rule';
import type { Rule } from '../rule';

const MODULES = ['text', 'crypto', 'collections', 'secrets', 'access-manager'];
const LATER: ReadonlySet<string> = new Set(['collections', 'secrets', 'access-manager']);

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

/** Actions that are not there. */
export const actions: Rule = ({ steps }, { known }) => {
  const names = known.actions === undefined ? undefined : Object.keys(known.actions);
  if (names === undefined) return [];
  return steps.flatMap(({ name, body }) => {
    const written = name === 'action' ? literalText(body, 'name') : undefined;
    if (written === undefined || names.includes(String(written.value))) return [];
    return [
      unknownName('action-unknown', written, `There is no action \`${String(written.value)}\`.`, {
        name: String(written.value),
        known: names,
      }),
    ];
  });
};

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

/** Secrets that are not there, or that would be seen. */
export const secrets: Rule = (facts, { known }) =>
  facts.reads
    .filter(({ reference }) => reference.keys?.[0] === 'secret')
    .flatMap((read) => [...unknownSecret(read, known.secrets), ...exposed(read, facts)]);

function unknownSecret({ reference, text }: Read, names: readonly string[] | undefined): readonly Problem[] {
  const name = reference.keys?.[1];
  if (names === undefined || name === undefined || names.includes(name)) return [];
  return [problemIn('secret-unknown', text.tree, `There is no secret \`${name}\`.`, reference)];
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
    const [context = '', key, ...more] = reference.keys ?? [];
    const keys = Object.hasOwn(READ_ONLY, context) ? READ_ONLY[context] : undefined;
    if (keys === undefined) return [];
    const name = pathText(reference.keys ?? []);
    if (key === undefined)
      return [problemIn('context-read-only', text.tree, `A context cannot be written as a whole; write \`${name}.<key>\`.`)];
    const fixed = keys === true || keys.includes(key) || (key === 'id' && more.length > 0 && context !== 'global');
    return fixed ? [problemIn('context-read-only', text.tree, `\`${name}\` is read-only.`)] : [];
  });

/** Schemas that cannot be used. */
export const schemas: Rule = ({ automation, steps }) => {
  const { tree } = automation;
  const args = entryOf(tree, 'arguments')?.value;
  const listed = entryOf(tree, 'schemas')?.value;
  const request = entryOf(entryOf(entryOf(tree, 'when')?.value, 'endpoint')?.value, 'request')?.value;
  const forms = steps.flatMap(({ name, body }) => (name === 'approve' ? [entryOf(body, 'form')?.value] : []));
  const parts =
    listed?.kind === 'list' ? listed.items.flatMap((item) => [entryOf(item, 'payload')?.value, entryOf(item, 'output')?.value]) : [];
  const all = [...(args?.kind === 'map' ? args.entries.map(({ value }) => value) : []), ...parts, request, ...forms];
  return all.flatMap((schema) => (schema === undefined ? [] : schemaProblems(schema)));
};

function schemaProblems(tree: Tree): readonly Problem[] {
  const schema = valueOf(tree);
  if (schema === null || typeof schema === 'string') return [];
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    if (!(error instanceof SchemaInvalid)) throw error;
    return [
      problemIn(
        'schema-invalid',
        tree,
        `This JSON Schema cannot be used: ${error.message}${error.pointer === '' ? '' : ` (at ${error.pointer})`}.`,
      ),
    ];
  }
}

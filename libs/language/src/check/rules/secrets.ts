import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import { childOf, entryOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import type { Facts, Read } from '../facts';
import { rootOf, rootSpan } from '../texts/root-of';
import { unknownName } from '../rule';
import type { Rule } from '../rule';
import { CONTEXTS } from './contexts';

/** Secrets that are not there, or that would be seen. */
export const secrets: Rule = (facts, { known }) => [
  ...facts.reads
    .filter(({ reference }) => rootOf(reference) === 'secret')
    .flatMap((read) => [...unknownSecret(read, known.secrets), ...exposed(read, facts)]),
  ...facts.steps.flatMap(({ name, body }) => (name === 'fetch' && body !== undefined ? namedSecrets(body, known.secrets ?? []) : [])),
];

/** `$secret:NAME` in the texts of a `fetch`. */
function namedSecrets(tree: Tree, names: readonly string[]): readonly Problem[] {
  if (names.length === 0) return [];
  if (tree.kind === 'list') return tree.items.flatMap((item) => namedSecrets(item, names));
  if (tree.kind === 'map') return tree.entries.flatMap(({ value }) => namedSecrets(value, names));
  return [...String(tree.value).matchAll(/\$secret:\w+/g)].flatMap(({ 0: written, index }) => {
    const name = written.slice('$secret:'.length);
    if (names.includes(name)) return [];
    const end = index + written.length;
    const spans = { problem: { at: index, end }, name: { at: end - name.length, end } };
    return [unknownName('secret-unknown', tree, `There is no secret \`${name}\`.`, { name, known: names, spans })];
  });
}

function unknownSecret({ reference, text }: Read, names: readonly string[] | undefined): readonly Problem[] {
  const name = reference.keys?.[1];
  if (names === undefined || name === undefined || names.includes(name)) return [];
  const at = text.text.indexOf(name, rootSpan(reference, 'secret', text.text).end);
  const spans = { problem: reference, name: { at, end: at + name.length } };
  return [unknownName('secret-unknown', text.tree, `There is no secret \`${name}\`.`, { name, known: names, spans })];
}

function exposed({ reference, text }: Read, facts: Facts): readonly Problem[] {
  const where = exposureOf(text.tree, facts);
  if (where === undefined) return [];
  return [problemIn('secret-exposed', text.tree, `A secret must not stand in ${where}; it would be kept or seen by others.`, reference)];
}

function exposureOf(tree: Tree, { steps, writes, automation }: Facts): string | undefined {
  const inside = (of: Tree | undefined): boolean =>
    of !== undefined && (tree.pointer === of.pointer || tree.pointer.startsWith(`${of.pointer}/`));
  if (inside(entryOf(automation.tree, 'output')?.value)) return '`output`';
  const step = steps.find(({ name, body }) => Object.hasOwn(EXPOSED, name) && inside(EXPOSED[name]?.(body)));
  if (step?.name !== 'set') return step === undefined ? undefined : `\`${step.name}\``;
  const target = writes.find(({ text }) => text.tree === childOf(step.body, 'name'));
  const name = target === undefined ? undefined : rootOf(target.reference);
  return name !== undefined && CONTEXTS.has(name) ? '`set` of a context' : undefined;
}

/** What of an instruction is kept or seen by others. */
const EXPOSED: Readonly<Record<string, (body: Tree | undefined) => Tree | undefined>> = {
  emit: (body) => body,
  set: (body) => body,
  fetch: (body) => childOf(body, 'stream'),
  break: (body) => childOf(body, 'payload'),
};
